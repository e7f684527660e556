"""Webhooks as clients of the Square API know them."""
