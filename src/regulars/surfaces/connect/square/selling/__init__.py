"""What is sold at a real Square till: how its webhooks are signed, what an order tells, and how a
gap is closed."""
