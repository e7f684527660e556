"""A program is connected with Klaviyo: told there, asked there, left alone."""
