"""What is on its way to members by e-mail and text message, and what became of it."""
