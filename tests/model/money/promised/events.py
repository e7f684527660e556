"""Experiments, as plain values; see `tests.model.events`."""

from __future__ import annotations

from typing import NamedTuple


class Tries(NamedTuple):
    """An experiment begins: some get more, for all others everything is the same."""

    code: str


class Fills(NamedTuple):
    """Chance puts whoever is in no arm into one; the driver notes whom it put where."""

    code: str
    placed: list[tuple[str, str]]


class Concludes(NamedTuple):
    """An experiment is over, and by and by everybody is treated alike again."""

    code: str
    emptied: bool


Promised = Tries | Fills | Concludes
