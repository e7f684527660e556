"""The HTTP API v1: what tills, shops and partners call."""
