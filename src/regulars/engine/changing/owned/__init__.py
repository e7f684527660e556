"""What of a program a member may own or rely on, and what is asked before it changes."""
