"""The console: everything an owner and their staff do, in a browser."""
