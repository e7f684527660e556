"""Pages of a list: a cursor where more follows, and none on the last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from msgspec import UNSET, UnsetType

from regulars.surfaces.api.strict.cursors import cursor_of

Row = TypeVar("Row")
Shown = TypeVar("Shown")


def cursor(place: tuple[Any, ...] | None) -> str | UnsetType:
    """Where the list goes on; nothing on its last page."""
    return UNSET if place is None else cursor_of(place) or UNSET


def cut(rows: Sequence[Row], limit: int) -> tuple[list[Row], bool]:
    """A page of one row too many, and whether that one was there."""
    return list(rows[:limit]), len(rows) > limit


def listed(rows: list[Shown]) -> list[Shown] | UnsetType:
    """A list, or nothing where it is empty."""
    return rows or UNSET
