"""What stands around loyalty: the merchant, the token, groups of customers, refunds."""
