"""Keeps everything running, and nothing running alone."""
