"""Imports that are taken back: who came by one, from whom it is taken, and who keeps it and why."""
