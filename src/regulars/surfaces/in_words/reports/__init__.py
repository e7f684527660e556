"""Reports as somebody asks for them and reads them: API and console have this in common."""
