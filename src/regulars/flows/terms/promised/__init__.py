"""What is promised beside the terms everybody reads: promotions of other systems, and offers."""
