"""What the business does: one file per thing, each takes a batch and is one transaction."""
