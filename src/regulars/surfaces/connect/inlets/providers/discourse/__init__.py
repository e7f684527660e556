"""A forum of Discourse: what happens there comes in, and members sign in there by their card."""
