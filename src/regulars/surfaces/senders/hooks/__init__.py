"""Events go to addresses of other systems, written and signed as each wants it."""
