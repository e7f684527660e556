"""Which operations live at which address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from regulars.surfaces.api.call import Operation

_NOTHING: Final[Mapping[str, str]] = {}


class Here(NamedTuple):
    """Everything that can be done at one address."""

    operations: Mapping[str, Operation]
    decoders: Mapping[str, Any]
    """Per method: what reads the body, where there is one."""
    allow: str
    names: tuple[str, ...]
    """The names of the variable parts, in the order they stand."""


class Addresses:
    """The addresses of the API; variable parts are whole parts between two slashes."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        by_path: dict[str, dict[str, Operation]] = {}
        for operation in operations:
            by_path.setdefault(operation.path, {})[operation.method] = operation
        self._fixed: dict[str, Here] = {}
        self._first = _Fork()
        for path, at in by_path.items():
            here = _here(path, at)
            if here.names:
                _fork_for(self._first, path).here = here
            else:
                self._fixed[path] = here

    def find(self, path: str) -> tuple[Here, Mapping[str, str]] | None:
        """What can be done here, and what stands in the variable parts of the address.

        Order: a part that is named comes before one that varies.
        """
        if len(path) > 1 and path[-1] == "/":
            path = path[:-1]
        fixed = self._fixed.get(path)
        if fixed is not None:
            return fixed, _NOTHING
        ids: list[str] = []
        here = _follow(self._first, path.split("/"), 0, ids)
        return None if here is None else (here, dict(zip(here.names, ids, strict=True)))


class _Fork:
    """Where addresses part: by what comes next, or whatever comes next."""

    __slots__ = ("any", "here", "named")

    def __init__(self) -> None:
        self.named: dict[str, _Fork] = {}
        self.any: _Fork | None = None
        self.here: Here | None = None


def _fork_for(fork: _Fork, path: str) -> _Fork:
    for part in path.split("/"):
        if part[:1] == "{":
            fork.any = fork.any or _Fork()
            fork = fork.any
        else:
            fork = fork.named.setdefault(part, _Fork())
    return fork


def _follow(fork: _Fork, parts: Sequence[str], at: int, ids: list[str]) -> Here | None:
    """The end of this way; `ids` gathers what stands in its variable parts."""
    if at == len(parts):
        return fork.here
    named = fork.named.get(parts[at])
    if named is not None:
        here = _follow(named, parts, at + 1, ids)
        if here is not None:
            return here
    if fork.any is None:
        return None
    ids.append(parts[at])
    here = _follow(fork.any, parts, at + 1, ids)
    if here is None:
        ids.pop()
    return here


def _here(path: str, at: Mapping[str, Operation]) -> Here:
    decoders = {
        method: msgspec.json.Decoder(one.sent) for method, one in at.items() if one.sent is not None
    }
    allow = ", ".join(sorted({*at, *(("HEAD",) if "GET" in at else ()), "OPTIONS"}))
    names = tuple(part[1:-1] for part in path.split("/") if part[:1] == "{")
    return Here(at, decoders, allow, names)
