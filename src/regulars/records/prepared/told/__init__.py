"""Reports that take long, as the night told them."""
