"""Pure thinking: what a program's rules and the books make of what happened."""
