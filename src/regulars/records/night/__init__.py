"""Which step of which night is done, so that a night is done once and a broken one goes on."""
