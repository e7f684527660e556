"""What an owner wants to know at one glance: how the program goes, month by month."""
