"""Inlets: where events of other systems come in, and what came, kept as it came."""
