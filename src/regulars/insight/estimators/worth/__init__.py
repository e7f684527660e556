"""What an order and a member are worth in money."""
