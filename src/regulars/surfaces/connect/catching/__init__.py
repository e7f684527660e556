"""Asking a shop for what its webhooks did not tell: with which keys, page by page."""
