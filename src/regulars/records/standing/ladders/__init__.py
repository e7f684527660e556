"""When somebody looks at members of further ladders."""
