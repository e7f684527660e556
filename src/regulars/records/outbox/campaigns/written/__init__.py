"""What campaigns and journeys wrote to one member, or did not write and why."""
