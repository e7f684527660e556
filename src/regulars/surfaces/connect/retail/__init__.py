"""A shop's sales lines from one file: read, matched with their returns, told as activities."""
