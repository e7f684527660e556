"""Choices: which of several offers a member is given."""
