"""What each way of a campaign brought: beside the first, beside who was held out, and whether one
of them is better for sure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import combinations
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.insight.estimators.comparing.sums import More, Sums, at_every_look, more
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.experiments.campaigns import DAYS, GROUPS, Side, side_of, sums_of
from regulars.insight.metrics.reading.widely import widely

LEVEL: Final = 0.05
_HELD: Final = -1
# Of two who became one and read it in two ways nothing is told of either. Whom another channel was
# chosen for read one text, whatever was drawn: they and who was held out of theirs are left aside.
_BY_WAY: Final = (
    GROUPS.replace(
        " and m.reason <> 'everywhere'",
        " and m.reason <> 'everywhere' and m.channel in ('', (select channel from campaign "
        "where program_id = $1::int and campaign_id = $2::uuid))",
    )
    .replace(
        "bool_or(m.state = 'held_out') as held",
        f"case when bool_or(m.state = 'held_out') then {_HELD} else min(m.variant) end as held",
    )
    .replace(" group by 1\n), did", " group by 1 having count(distinct m.variant) <= 1\n), did")
)
assert (_BY_WAY.count("m.variant"), _BY_WAY.count("m.channel")) == (2, 1), (
    "the question about two sides was changed"
)


class Way(Struct, frozen=True):
    """One way: who read it, how often they bought; beside the first way and beside who was held
    out of it all, of one look and, beside the first, of every look."""

    side: Side
    orders: More | NotEnough | None
    spend: More | NotEnough | None
    orders_always: More | NotEnough | None
    held_orders: More | NotEnough | None
    held_spend: More | NotEnough | None


class Ways(Struct, frozen=True):
    """All ways; `best` is better than each other one for sure, at every look at all of them; each
    of the `worse` is worse than some other one for sure, whether or not there is a best;
    `over`: all days are counted, and nothing more will come of looking."""

    ways: tuple[Way, ...]
    days: int
    best: int | None
    stop: Literal["", "sure", "over"]
    worse: tuple[int, ...] = ()


async def by_way(tx: Tx, campaign_id: UUID, begun_on: date, today: date, ways: int) -> Ways | None:
    """What came of each way from the day it began; nothing where nobody read one of them.

    Order: `best` is by orders of a member. The bounds by which it is found hold at every look, and
    for all pairs of ways together: whoever stops by them is wrong at most once in twenty.
    """
    await widely(tx)
    until = min(begun_on + timedelta(days=DAYS), today)
    rows = await tx.fetch(_BY_WAY, tx.program_id, campaign_id, begun_on, until, DAYS)
    found = {row["held"]: row for row in rows}
    if any(at not in found for at in range(ways)):
        return None
    orders = {at: sums_of(row, "orders") for at, row in found.items()}
    spend = {at: sums_of(row, "spend") for at, row in found.items()}
    days = max((until - begun_on).days, 0)
    level = LEVEL / (ways * (ways - 1) // 2)
    best, worse = _ranked(orders, ways, level)
    over = days >= DAYS
    return Ways(
        tuple(_way((side_of(found[at]), at), orders, spend, level) for at in range(ways)),
        days,
        best,
        "sure" if best is not None else "over" if over else "",
        worse,
    )


def _way(
    which: tuple[Side, int], orders: Mapping[int, Sums], spend: Mapping[int, Sums], level: float
) -> Way:
    side, at = which
    beside = None if at == 0 else more(orders[at], orders[0])
    always = None if beside is None else _always(beside, orders[at], orders[0], level)
    held = _HELD in orders
    return Way(
        side,
        beside,
        None if at == 0 else more(spend[at], spend[0]),
        always,
        more(orders[at], orders[_HELD]) if held else None,
        more(spend[at], spend[_HELD]) if held else None,
    )


def _ranked(
    orders: Mapping[int, Sums], ways: int, level: float
) -> tuple[int | None, tuple[int, ...]]:
    """The way that is better than each other one for sure, and those that are worse than some other
    one; of several ways each pair at a level that is smaller by as many pairs as there are."""
    wins = dict.fromkeys(range(ways), 0)
    worse: set[int] = set()
    for one, other in combinations(range(ways), 2):
        plain = more(orders[one], orders[other])
        found = _always(plain, orders[one], orders[other], level)
        if isinstance(found, More) and found.sure:
            won, lost = (one, other) if found.low > 0 else (other, one)
            wins[won] += 1
            worse.add(lost)
    best = next((at for at, won in wins.items() if won == ways - 1), None)
    return best, tuple(sorted(worse))


def _always(found: More | NotEnough, one: Sums, other: Sums, level: float) -> More | NotEnough:
    if isinstance(found, NotEnough):
        return found
    return at_every_look(found, one.members + other.members, level=level)
