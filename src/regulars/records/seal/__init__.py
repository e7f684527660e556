"""The seal: what happened, chained and signed, so that a change afterwards shows."""
