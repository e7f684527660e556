"""P4: ten years of another system's history, brought over in bulk."""
