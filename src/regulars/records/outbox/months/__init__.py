"""Months on one page: kept as they were told, and who of the staff gets them."""
