"""Where a member stood by the order of the books, where the clocks of servers differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.insight.connected.retold import Stood, Written, id_later

OFF_MS: Final = 60_000
"""The clocks of two servers are not further apart."""
# Of each member what was booked about then, whichever side of it the clocks say.
_NEAR: Final = """
select e.member_id, e.entry_id, e.recorded_tx, e.recorded_at,
       coalesce(sum(p.amount) filter (where p.account in (1, 4)), 0)::bigint as delta,
       (-coalesce(sum(p.amount) filter (where p.account = 11), 0))::bigint as earned
  from unnest($3::uuid[], $4::uuid[], $5::uuid[]) as w (member_id, first_id, last_id)
  join entry e on e.program_id = $1::int and e.member_id = w.member_id
              and e.entry_id between w.first_id and w.last_id
  join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                and p.entry_id = e.entry_id and p.wallet = $2::smallint
 group by e.member_id, e.entry_id, e.recorded_tx, e.recorded_at
"""

_STEP: Final = timedelta(milliseconds=1)
Tale = tuple[UUID, UUID]
"""A member, and the id after which they are told of."""
Turns = Mapping[tuple[UUID, int, datetime], int]
"""Of each transaction of a member that is told in a round, its sequence."""


class Near(NamedTuple):
    """Something booked, in which transaction, and what it moved."""

    member_id: UUID
    entry_id: UUID
    recorded_tx: int
    recorded_at: datetime
    delta: int
    earned: int


async def near(tx: Tx, wallet: int, tales: Iterable[Tale]) -> list[Near]:
    """What was booked for these members within a minute of what is told, by any clock."""
    ends: dict[UUID, tuple[UUID, UUID]] = {}
    for member_id, at in tales:
        first, last = ends.get(member_id, (at, at))
        ends[member_id] = (min(first, at), max(last, at))
    if not ends:
        return []
    firsts = [id_later(one, -OFF_MS) for one, _ in ends.values()]
    lasts = [id_later(one, OFF_MS) for _, one in ends.values()]
    rows = await tx.fetch(_NEAR, tx.program_id, wallet, list(ends), firsts, lasts)
    return [Near(*row.values()) for row in rows]


def changed_at(
    tale: Tale, about: tuple[int, Written], booked: Iterable[Near], turns: Turns
) -> datetime:
    """When an account changed last, right after this, as whoever looks at it is told.

    Shape: `about` is the sequence and event of what is told, `turns` as `righted` has them.
    Order: what came later changed it later, also by a server whose clock is behind; each such is a
    millisecond after the latest time before it.
    Example: 12:00:02 by a server that is ahead, then 12:00:00 by one that is right: the account
    changed at 12:00:02, then at 12:00:02.001.
    """
    event = about[1]
    times = {event.recorded_tx: event.recorded_at}
    for one in booked:
        if one.member_id == tale[0] and not _is_after(one, about, turns):
            times[one.recorded_tx] = one.recorded_at
    order = sorted(times, key=lambda tx: (tx == event.recorded_tx, tx))
    return max(
        times[tx] + _STEP * sum(times[later] < times[tx] for later in order[place:])
        for place, tx in enumerate(order)
    )


def _is_after(one: Near, about: tuple[int, Written], turns: Turns) -> bool:
    turn = turns.get((one.member_id, one.recorded_tx, one.recorded_at))
    return one.recorded_tx > about[1].recorded_tx if turn is None else turn > about[0]


def righted(
    standing: Mapping[Tale, Stood],
    events: Mapping[Tale, tuple[int, Written]],
    booked: Sequence[Near],
    turns: Turns,
    told: Callable[[Near], bool],
) -> dict[Tale, Stood]:
    """Where members stood, where ids alone would put something before or after what it was not.

    Shape: `events` say each tale's sequence and event, `turns` the sequence of each transaction of
    a member that is told in this round, `told` whether an entry was told in an earlier one.
    Order: of two transactions of one round their sequences decide; what was told before came
    before; what is not told yet, and all of one transaction, goes by its ids.
    Example: 5 points of a server that is 3 s ahead, then 6 of one that is right: 5, then 11.
    """
    mine: dict[UUID, list[Near]] = {}
    for one in booked:
        mine.setdefault(one.member_id, []).append(one)
    found = dict(standing)
    for tale, (sequence, event) in events.items():
        member_id, at = tale
        for one in mine.get(member_id, ()):
            if (one.recorded_tx, one.recorded_at) == (event.recorded_tx, event.recorded_at):
                continue
            by_id = one.entry_id > at
            turn = turns.get((member_id, one.recorded_tx, one.recorded_at))
            after = turn > sequence if turn is not None else by_id and not told(one)
            if after != by_id:
                sign, stood = (-1 if after else 1), found[tale]
                found[tale] = Stood(
                    stood.balance + sign * one.delta, stood.earned + sign * one.earned
                )
    return found
