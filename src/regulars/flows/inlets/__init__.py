"""Inlets are kept, what comes in by them is kept, and then it is booked."""
