"""Service cases: troubles of members that somebody takes care of."""
