"""What a planted bug is."""

from __future__ import annotations

from typing import NamedTuple


class Bug(NamedTuple):
    """One planted bug."""

    name: str
    file: str
    """Under src/regulars."""
    healthy: str
    broken: str
    check: str
    """`games PROGRAM …` (the model in memory), `story NAME`, or a function of checks.py."""
