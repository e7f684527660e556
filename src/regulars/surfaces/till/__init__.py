"""The till: what the device at the counter talks to."""
