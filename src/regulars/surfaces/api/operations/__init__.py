"""What the API does, one file per thing it is about."""
