"""Where the world talks to us; each folder is one way of talking."""
