"""What happened and where members stand, as clients hear it that were built for another system."""
