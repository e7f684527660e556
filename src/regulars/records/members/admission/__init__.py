"""What people told when they joined a program that asks for it."""
