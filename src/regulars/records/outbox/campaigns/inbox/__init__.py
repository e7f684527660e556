"""Messages that lie in members' cards."""
