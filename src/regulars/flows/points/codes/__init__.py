"""Codes of rewards: uploaded into pools, issued by hand, used at the till, withdrawn."""
