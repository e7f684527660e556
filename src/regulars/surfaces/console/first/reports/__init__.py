"""Reports: what a shop measures of itself, for who runs it and who keeps its books."""
