"""Stripe: how it signs, what a subscription tells, and how it is asked."""
