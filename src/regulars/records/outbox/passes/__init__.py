"""Passes in wallets: how far the events were looked at for the telephones that keep them."""
