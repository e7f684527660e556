"""What was counted before a program came here: the beginning of counters and budgets."""
