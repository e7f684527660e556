"""Letters beside the necessary ones: campaigns, and what came back."""
