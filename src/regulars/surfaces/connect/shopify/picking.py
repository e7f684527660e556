"""Picks values out of what Shopify sends, whichever of its two ways it was told by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from regulars.surfaces.connect.moving.wrong import Wrong

_LARGEST: Final = Decimal(10**15)
_SEE: Final = "See what is sent here"


def entries(found: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each entry of a list with its place; nothing where it is not there. Raises: Wrong."""
    if found is None:
        return
    if not isinstance(found, list):
        raise Wrong(place, "this is no list", _SEE)
    for at, one in enumerate(found):
        if not isinstance(one, dict):
            raise Wrong(f"{place}.{at}", "this is no object", _SEE)
        yield f"{place}.{at}", one


def amount(said: Any, place: str) -> Decimal:
    """An amount, which is told as a text; nothing where nothing stands. Raises: Wrong."""
    if said is None or said == "":
        return Decimal(0)
    try:
        found = Decimal("nan") if isinstance(said, bool) else Decimal(str(said))
    except InvalidOperation:
        found = Decimal("nan")
    if not found.is_finite() or abs(found) > _LARGEST:
        raise Wrong(place, f"{str(said)[:60]!r} is no amount", _SEE)
    return found


def plain(said: Any) -> Any:
    """An amount in its shortest words: `10.00` and `10.0` are one; what is none stays as it is."""
    if not isinstance(said, (str, int)) or isinstance(said, bool):
        return said
    try:
        found = Decimal(said)
    except InvalidOperation:
        return said
    return f"{found.normalize():f}" if found.is_finite() and abs(found) < _LARGEST else str(said)


def moment(said: Any) -> datetime | None:
    """An instant as the shop tells it, with its offset; nothing where that is not said well."""
    try:
        found = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return None if found is None or found.tzinfo is None else found.astimezone(UTC)


def in_utc(said: Any) -> Any:
    """An instant in UTC, or whatever else stands there."""
    found = moment(said)
    return said if found is None else found.isoformat(timespec="seconds")
