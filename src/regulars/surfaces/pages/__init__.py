"""Plain pages: the program at work, the API reference, what each problem means. No scripts."""
