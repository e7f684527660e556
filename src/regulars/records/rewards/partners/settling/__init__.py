"""Settlements: stretches of partners' accounts, what partners answered, and where they are put."""
