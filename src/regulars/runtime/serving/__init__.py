"""The web server, its workers, and the gate that gathers commands."""
