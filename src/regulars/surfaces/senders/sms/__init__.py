"""Text messages by HTTP: Twilio's interface, or a plain one of a shop's own."""
