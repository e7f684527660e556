"""What another system knew is brought over: members, what they agreed to, balances, tiers."""
