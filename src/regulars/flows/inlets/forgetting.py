"""Whom a payload names that nobody could read: what an erasure has to find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.activity.types import NOBODY
from regulars.records.inlets import read
from regulars.records.inlets.types import named_in

MOST: Final = 500
_decode = msgspec.json.Decoder(float_hook=str).decode


async def bodies_that_name(tx: Tx, names: Sequence[tuple[str, str]]) -> list[UUID]:
    """Events that were booked for no member we know and name one of these (kind and value).

    Order: some hundred at a time; only what waits, is open or was booked for nobody is read.
    """
    found: list[UUID] = []
    after = NOBODY
    while names:
        page = await read.may_name(tx, after, NOBODY, MOST)
        found += [id_ for id_, beside, body in page if named_in(_texts_of(beside, body), names)]
        if len(page) < MOST:
            break
        after = page[-1][0]
    return found


def _texts_of(beside: str, body: bytes) -> Iterator[str]:
    yield from _texts(_decode(body))
    if beside:
        yield from _texts(_decode(beside))


def _texts(value: Any) -> Iterator[str]:
    """Every text and number in it; no deeper than bodies are taken."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, (str, int)) and not isinstance(value, bool):
        yield str(value)
