"""Those who work here: who they are, what they did, what waits for a second pair of eyes."""
