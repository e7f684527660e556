"""The content of the page about a month: what page, PDF, API and letter are all made of."""

from __future__ import annotations

from msgspec import Struct


class Row(Struct, frozen=True):
    """One thing measured, in the month, the one before and a year before; as it is written."""

    name: str
    now: str
    last: str
    year: str


class Do(Struct, frozen=True):
    """One thing to do next, and why."""

    what: str
    why: str
    path: str
    """Where in the console it is done."""


class Told(Struct, frozen=True):
    """A month in one language, ready to be shown; texts only, nothing is markup."""

    month: str
    """As `2026-10`."""
    language: str
    direction: str
    shop: str
    title: str
    warns: str
    """That the month runs; nothing when it is over."""
    happened_head: str
    happened: tuple[str, ...]
    beside_head: str
    heads: tuple[str, ...]
    """What is measured, and the three months."""
    rows: tuple[Row, ...]
    means_head: str
    means: tuple[str, ...]
    next_head: str
    steps: tuple[Do, ...]
    counted_head: str
    notes: tuple[str, ...]
