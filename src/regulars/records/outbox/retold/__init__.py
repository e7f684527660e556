"""Events retold: what happened, in the words that clients of another system's API know."""
