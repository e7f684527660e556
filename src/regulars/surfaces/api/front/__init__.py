"""The front of the web server: from bytes on the wire to an operation, and back."""
