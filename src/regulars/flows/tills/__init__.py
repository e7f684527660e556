"""Stores, tills, and what tills recorded while they were cut off."""
