"""What only some programs have, a text each, put behind the others where a program has it."""
