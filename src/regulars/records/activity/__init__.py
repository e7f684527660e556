"""What happened: purchases, returns, visits and any other kind; appended, never changed."""
