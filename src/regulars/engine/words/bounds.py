"""How a bound reads in a refusal: at most so many in a period."""

from __future__ import annotations

_OTHERWISE = {"ever": "in all", "reached": "each time it is reached"}


def at_most(most: object, per: str) -> str:
    """At most so many, in words that can be read aloud.

    Example: "at most 3 per month"; of what has no period of the calendar "at most 3 in all".
    """
    return f"at most {most} {_OTHERWISE.get(per, f'per {per}')}"
