"""Whoever looks after members writes to them, hears of them, and notes what is to be done."""
