"""Shopify: how its webhooks are signed, what an order tells, how a gap is closed, what it makes."""
