"""Programs and their changes on the wire."""
