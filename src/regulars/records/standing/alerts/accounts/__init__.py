"""Accounts of several people that use the shop less than they used to."""
