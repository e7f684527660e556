"""Addresses whose letters came back: nothing more is written there until somebody confirms them."""
