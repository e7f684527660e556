"""Partners: what their activities cost, whether they may, and what their account says."""
