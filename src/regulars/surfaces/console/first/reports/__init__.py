"""Reports: what a shop measures of itself, for who runs it, keeps its books or wants to know why."""
