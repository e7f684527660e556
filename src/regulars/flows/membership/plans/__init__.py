"""Memberships people pay for: begun, told about, and moved on by the night."""
