"""Whether a program is connected with Klaviyo, and how far each way is."""
