"""Benefits: what a member may, what they used, what was granted besides."""
