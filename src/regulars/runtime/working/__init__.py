"""What happens by the clock: the worker, its duties, the night."""
