"""Stores, the tills that stand in them, and what tills recorded while they were cut off."""
