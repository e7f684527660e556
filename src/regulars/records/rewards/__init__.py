"""What members take: redemptions with their own copy of the terms, and what is left in stock."""
