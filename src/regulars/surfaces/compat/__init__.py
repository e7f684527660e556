"""The interfaces of other systems, spoken on our own flows and books."""
