"""What members are worth to the shop from now on, and who of them slips away."""
