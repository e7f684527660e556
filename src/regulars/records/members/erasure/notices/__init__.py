"""Members who were told that they will be erased."""
