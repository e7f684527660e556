"""Programs that are connected with Klaviyo: it is asked who said no there, and told of everybody."""
