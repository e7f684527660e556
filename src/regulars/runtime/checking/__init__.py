"""What must be so before points are touched."""
