"""Why: the frozen inputs and steps of every decision."""
