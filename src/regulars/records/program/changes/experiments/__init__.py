"""Experiments: arms, who is in which, and what was seen."""
