"""The field: one durable PostgreSQL, and the same million members on every side."""
