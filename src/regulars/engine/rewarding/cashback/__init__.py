"""Cashback that is paid out: who is due how much, and the file for the bank."""
