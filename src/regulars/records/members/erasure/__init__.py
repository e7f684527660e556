"""Erasures: who was erased, by which names they must not come back, what was told of them since."""
