"""Receipts that connected tills tell: what is to be paid, what was, and which rewards are for it."""
