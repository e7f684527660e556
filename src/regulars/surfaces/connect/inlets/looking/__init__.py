"""What came in by a source, looked at and looked at again; and what a payload would become."""
