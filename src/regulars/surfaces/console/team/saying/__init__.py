"""What the log, keys and webhooks of the shop are called in plain words."""
