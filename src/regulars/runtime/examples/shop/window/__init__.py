"""The web shop of the demo: a page with the script of Regulars on it, and the shop's own server."""
