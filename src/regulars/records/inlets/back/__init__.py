"""When what was booked was told."""
