"""Points that come back may have a least life: whoever paid with them did not choose the return.

Only what came back gets it, never what else is in the same lot. What has ended lapses and lives
again as a lot of its own; what ends sooner is parted from its lot and lives longer. Both are
courtesies: an entry says why, from when to when, and what they cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from regulars.base.faults import Refused
from regulars.engine.calendar import day_starts_at, local
from regulars.engine.deciding import idle
from regulars.engine.moving.courtesy import Favour, extend, extend_part, reinstate
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import Lot

REASON: Final = "came back with a return"


class Came(NamedTuple):
    """Points that came back to a lot, and their part of what the reward cost the shop."""

    lot: Lot
    points: int
    cost_minor: int


def let_last(
    changes: Changes,
    state: MemberState,
    version: Version,
    came: Sequence[Came],
    actor: str,
    now: datetime,
) -> list[Lot]:
    """Let what came back live so many whole days as its wallet says; the lots it is in then.

    Order: what has ended left the books already. Without such a word in the terms nothing changes.
    Keeps: until then it does not lapse for want of activity either (semantics A7).
    Example: 14 days, back on 3 May: it lives until 18 May 00:00 at least.
    """
    lots: list[Lot] = []
    for lot, points, cost in came:
        until = _least_end(changes, version, lot.wallet, now)
        ends = idle.leaves_at(state, lot, now)
        lives = ends > now
        if until is None or ends >= until:
            lots += [lot] if lives else []
            continue
        favour = Favour(lot.lot_id, until, now, actor or "return", REASON, cost)
        if lives:
            lots.append(extend_part(changes, state, lot, points, favour))
            continue
        entry_id = reinstate(changes, state, version, (lot, points, points), favour)
        assert not isinstance(entry_id, Refused), (lot, points)
        again = [one for one in state.lots.values() if one.entry_id == entry_id]
        for one in [each for each in again if idle.leaves_at(state, each, now) < until]:
            spared = extend(changes, state, favour._replace(lot_id=one.lot_id, cost_minor=0))
            assert not isinstance(spared, Refused), (one, until)
        lots += again
    return lots


def _least_end(changes: Changes, version: Version, wallet: int, now: datetime) -> datetime | None:
    days = version.come_back.get(wallet)
    if days is None or changes.history is not None:
        return None
    return day_starts_at(version.zone, local(version.zone, now).day + days + 1)
