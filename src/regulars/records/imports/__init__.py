"""Imports: lines that were read and checked, and how far they are booked."""
