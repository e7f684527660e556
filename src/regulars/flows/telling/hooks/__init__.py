"""Other systems hear of what happened, at addresses of theirs."""
