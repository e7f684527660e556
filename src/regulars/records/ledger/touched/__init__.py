"""Which points an entry opened, took or gave back."""
