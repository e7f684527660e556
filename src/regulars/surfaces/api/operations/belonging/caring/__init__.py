"""Service cases and references over the API."""
