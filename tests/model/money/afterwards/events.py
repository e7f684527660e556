"""What is put right afterwards, as plain values; see `tests.model.events`."""

from __future__ import annotations

from typing import NamedTuple


class Credits(NamedTuple):
    """Somebody says that a purchase that named nobody was theirs."""

    sale: str
    who: str
