"""What was before: history brought over from elsewhere, and what was told another way before."""
