"""Points that move between people, or live longer, by somebody's decision and not by a rule."""
