"""Devices of members that show what they are told."""
