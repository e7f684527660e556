"""Paying out: bank accounts are kept, runs are made, and what a bank sends back is booked."""
