"""The sealer as a duty of the worker: its keys, and the places outside it tells."""
