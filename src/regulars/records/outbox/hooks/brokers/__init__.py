"""Hooks whose address is a broker's: as whom we come in there."""
