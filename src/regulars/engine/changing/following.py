"""A further version: the numbers its names get."""

from __future__ import annotations

from collections.abc import Mapping

from regulars.engine.compiling.compile import Compiled
from regulars.engine.compiling.counters import code_names

Codes = dict[tuple[str, str], int]


def codes_for(known: Mapping[tuple[str, str], int], compiled: Compiled) -> Codes:
    """Numbers for names that have none yet, counting on from the highest of their kind."""
    highest: dict[str, int] = {}
    for (kind, _), code in known.items():
        highest[kind] = max(highest.get(kind, 0), code)
    fresh: Codes = {}
    for kind, name in code_names(compiled):
        if (kind, name) not in known:
            highest[kind] = highest.get(kind, 0) + 1
            fresh[kind, name] = highest[kind]
    return fresh
