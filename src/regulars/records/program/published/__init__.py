"""The language of program files as it is published: its schema, its page, and what may change."""
