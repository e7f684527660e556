"""Partners: what was agreed with other businesses, and what stands between us."""
