"""What messages say: one catalogue for each language, and a shop's own words."""
