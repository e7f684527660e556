"""Klaviyo is asked who said no there, and told of everybody."""
