"""What time ends: lots that lapse or turn, holds that were not taken, debts of long ago."""
