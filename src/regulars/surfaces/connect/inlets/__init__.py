"""Events of other systems: how they are signed, read by a mapping, and taken in."""
