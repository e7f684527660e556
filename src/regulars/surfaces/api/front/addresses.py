"""Which operations live at which address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
        self._open: dict[int, list[tuple[tuple[str, ...], Here]]] = {}
        for path, at in by_path.items():
            here = _here(path, at)
            if here.names:
                pattern = tuple(path.split("/"))
                self._open.setdefault(len(pattern), []).append((pattern, here))
            else:
                self._fixed[path] = here

    def find(self, path: str) -> tuple[Here, Mapping[str, str]] | None:
        """What can be done here, and what stands in the variable parts of the address."""
        if len(path) > 1 and path[-1] == "/":
            path = path[:-1]
        fixed = self._fixed.get(path)
        if fixed is not None:
            return fixed, _NOTHING
        parts = path.split("/")
        for pattern, here in self._open.get(len(parts), ()):
            if all(
                want[:1] == "{" or want == is_ for want, is_ in zip(pattern, parts, strict=True)
            ):
                ids = [is_ for want, is_ in zip(pattern, parts, strict=True) if want[:1] == "{"]
                return here, dict(zip(here.names, ids, strict=True))
        return None


def _here(path: str, at: Mapping[str, Operation]) -> Here:
    decoders = {
        method: msgspec.json.Decoder(one.sent) for method, one in at.items() if one.sent is not None
    }
    allow = ", ".join(sorted({*at, *(("HEAD",) if "GET" in at else ()), "OPTIONS"}))
    names = tuple(part[1:-1] for part in path.split("/") if part[:1] == "{")
    return Here(at, decoders, allow, names)
