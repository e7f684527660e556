"""Somebody takes care: of members' troubles, and of prospects who want to hear from a member."""
