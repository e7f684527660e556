"""Whom a payload names that nobody could read: what an erasure has to find."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.activity.types import NOBODY
from regulars.records.inlets import read
from regulars.records.inlets.types import SURE_KINDS, named_in

_WORD: Final = re.compile(r"[\w.+@-]+")
_decode = msgspec.json.Decoder(float_hook=str).decode


async def bodies_that_name(tx: Tx, names: Sequence[tuple[str, str]]) -> list[UUID]:
    """Events that were booked for no member we know and name one of these (kind and value).

    Order: only what waits, is open or was booked for nobody is read. What waits counts only by an
    address or a telephone number: it may be a sale of somebody else, in which a price or a year
    looks like a card. Whom it is really about is found when it is booked (ADR 0507).
    """
    if not names:
        return []
    sure = [name for name in names if name[0] in SURE_KINDS]
    return [
        id_
        async for id_, state, beside, body in read.may_name(tx, NOBODY)
        if named_in(_texts_of(beside, body), sure if state == "waiting" else names)
    ]


def _texts_of(beside: str, body: bytes) -> Iterator[str]:
    try:
        yield from _texts(_decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # A message of a broker that is no JSON, or nested deeper than anybody reads.
        yield from _WORD.findall(body.decode(errors="replace"))
    if beside:
        yield from _texts(_decode(beside))


def _texts(value: Any) -> Iterator[str]:
    """Every text and number in it. Raises: RecursionError, where it is nested without end."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, (str, int)) and not isinstance(value, bool):
        yield str(value)
