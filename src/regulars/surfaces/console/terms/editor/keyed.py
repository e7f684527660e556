"""What a file says by currency, as rows of a form that each name theirs; and rows as that again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

from msgspec import NODEFAULT, Struct, defstruct
from msgspec import inspect as look
from msgspec.structs import fields

from regulars.records.program.parts.currencies import Currency

KEY: Final = "currency"
"""The first field of such a row."""


@cache
def with_key(part: type[Struct]) -> look.StructType:
    """A part that says of which currency it is, called as the part itself."""
    told: list[Any] = [(KEY, Currency)]
    for one in fields(part):
        default = {} if one.default is NODEFAULT else {"default": one.default}
        told.append((one.name, one.type, *default.values()))
    found = look.type_info(defstruct(part.__name__, told, frozen=True))
    assert isinstance(found, look.StructType), part
    return found


def fits(value: Any) -> bool:
    """Whether a form can show it row by row, and lose nothing."""
    if value is None:
        return True
    parts = list(_parts(value)) if isinstance(value, dict) else [("", None)]
    return all(isinstance(one, dict) and KEY not in one for _, one in parts)


def rows(value: Any) -> list[dict[str, Any]]:
    """A row for each part, which says of which currency it is.

    Example: `{"USD": [{"counts": "0.92"}]}` is one row of USD.
    """
    if not isinstance(value, dict):
        return []
    return [{KEY: key, **one} for key, one in _parts(value) if isinstance(one, dict)]


def told(rows: Sequence[dict[str, Any]], *, several: bool) -> dict[str, Any] | None:
    """What a file says for these rows: by currency, each with several parts or with one."""
    found: dict[str, Any] = {}
    for row in rows:
        key = str(row.get(KEY) or "").upper()
        part = {name: one for name, one in row.items() if name != KEY}
        if several:
            found.setdefault(key, []).append(part)
        else:
            found[key] = part
    return found or None


def twice(rows: Sequence[dict[str, Any]]) -> list[int]:
    """The rows of a currency that an earlier row is of."""
    keys = [str(row.get(KEY) or "").upper() for row in rows]
    return [place for place, key in enumerate(keys) if key and key in keys[:place]]


def place_of(value: Any, path: Sequence[str | int]) -> tuple[int, Sequence[str | int]]:
    """Which row a place of the file is in, and the way on from there; -1 for none of them.

    Example: `USD[1].counts`, after one rate of the yen, is row 2 and then `counts`.
    """
    if not isinstance(value, dict) or not path or path[0] not in value:
        return -1, ()
    before = 0
    for key, one in value.items():
        if key != path[0]:
            before += len(one) if isinstance(one, list) else 1
        elif not isinstance(one, list):
            return before, path[1:]
        else:
            number = path[1] if len(path) > 1 and isinstance(path[1], int) else 0
            return before + number, path[2:]
    return -1, ()


def _parts(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, one in value.items():
        for each in one if isinstance(one, list) else [one]:
            yield key, each
