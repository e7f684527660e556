"""The catalogue of events: every type there is, what it means and what it carries."""
