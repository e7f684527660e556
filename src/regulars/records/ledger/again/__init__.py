"""What was done out of courtesy: points that live again, debts that were forgiven."""
