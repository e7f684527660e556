"""Other systems are told of members: which fields, in which words, with which answers."""
