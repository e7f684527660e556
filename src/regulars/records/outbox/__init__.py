"""What we tell: events queued with their cause, delivered later."""
