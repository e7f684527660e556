"""Partners: agreed with, booked, claimed and disputed."""
