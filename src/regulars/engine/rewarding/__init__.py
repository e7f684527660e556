"""Rewards: what is promised on a day, who may have it, and what paying with points comes to."""
