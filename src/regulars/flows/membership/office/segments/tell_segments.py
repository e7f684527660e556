"""Other systems hear who comes into a segment that tells, and who goes out of it."""

from __future__ import annotations

from typing import Final

import msgspec

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.outbox.write import Told, tell
from regulars.records.program.changes.segments.write import Telling, told

AT_ONCE: Final = 500
"""Moves told in one go. The worker does so every three seconds: 10,000 a minute."""


async def tell_segments(tx: Tx, _terms: Terms) -> int:
    """The next moves of segments that tell become events; how many.

    Order: as they moved. When a day begins or a long list is filled many move at once; they are
    told in portions, so that nothing else that is to be told waits behind them.
    Keeps: a move is told once, in the transaction that says that it was. Nobody's standing is held
    or raised: an event bears the version its member has.
    """
    moves = await told(tx, AT_ONCE)
    await tx.write(tell(tx, [_event(one) for one in moves]))
    return len(moves)


def _event(one: Telling) -> Told:
    payload = {
        "segment": one.code, "name": one.name, "moved_at": one.at.isoformat(),
        "because": one.because,
    }  # fmt: skip
    type_ = "segment.entered" if one.entered else "segment.left"
    return Told(one.member_id, one.sequence, type_, msgspec.json.encode(payload).decode())
