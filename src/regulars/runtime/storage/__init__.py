"""Connections, transactions, ids and migrations."""
