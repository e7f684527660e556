"""Who brought whom: the codes members give to friends, and what became of each friend."""
