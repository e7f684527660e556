"""A month of a shop on one page: what happened, what it means, what to do next."""
