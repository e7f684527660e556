"""What surrounds a version: drafts before it, and what members said to it afterwards."""
