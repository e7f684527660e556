"""What every flow shares: each command once, members under lock, decisions as rows."""
