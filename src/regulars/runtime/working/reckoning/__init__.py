"""Duties that reckon: arms of experiments, looks at them, what members are worth."""
