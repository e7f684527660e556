"""Long work asked for in the console: a draft tried on history, files brought over."""
