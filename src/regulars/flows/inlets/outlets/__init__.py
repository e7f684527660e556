"""Other systems are told of members: planned, taken, pictured, settled."""
