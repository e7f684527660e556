"""Other systems that tell us what happened, one folder each."""
