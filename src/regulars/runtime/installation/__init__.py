"""What one installation is made of: its settings, its secrets, its database addresses."""
