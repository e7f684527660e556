"""Receipts of connected tills: opened, paid."""
