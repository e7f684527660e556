"""The broker whose messages a source reads, and how far it was read."""
