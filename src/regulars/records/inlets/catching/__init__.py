"""How far a shop was asked for what its webhooks did not tell."""
