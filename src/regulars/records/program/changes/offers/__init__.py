"""Offers: what is promised to some members beside what everybody is promised."""
