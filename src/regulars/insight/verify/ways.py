"""Milestones and boards as the checks count them: written apart from the engine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.records.program.types import Period, Program

Codes = Mapping[tuple[str, str], int]

# A version never ruled if another one was published in its place before its day, when nothing could
# have been decided by it: where one was taken back, or earlier than any till may be ahead. What
# happened before all versions is decided by those that begin first.
VERSIONS = """
with copied as (
    select v.program_id, v.version
      from version_withdrawal w
      join program_version f on f.program_id = w.program_id and f.version = w.restored_as
      join program_version v on v.program_id = f.program_id and v.version >= f.version
                            and v.published_at = f.published_at and v.source = f.source
), replaced as (
    select p.*, min(effective_from) over (partition by program_id) as first_of_all,
           lead(version) over same_day as by_version, lead(published_at) over same_day as by_at
      from program_version p
    window same_day as (partition by program_id, effective_from order by version)
)
select program_id, version, source, effective_from,
       greatest(effective_from, published_at) as since,
       effective_from > first_of_all and by_at < effective_from
       and (by_at < effective_from - interval '1 day 10 minutes'
            or (program_id, by_version) in (select program_id, version from copied)) as never
  from replaced order by program_id, effective_from, version
"""


class Way(Struct, frozen=True):
    """One milestone of a version: under which counters it counts, and what it gives; or a board,
    whose periods are below zero."""

    counter: int
    given: int
    per: Period
    steps: tuple[tuple[int, int, bool], ...]
    first_day: int = 0
    """Of a draw: what it counts stands under this day."""
    budget: int = 0
    """Under which it counts what all members together were given; 0 where there is no end."""
    most: int = 0

    def due(self, together: int) -> int:
        """What there is for so much together, in wallet units."""
        whole = 0
        for at, points, again in self.steps:
            times = together // at
            whole += points * (times if again else min(times, 1))
        return whole


def ways_of(program: Program, codes: Codes) -> tuple[Way, ...]:
    """The milestones of a version and then its boards and draws, in file order."""
    found = []
    for one in program.milestones:
        name = f"{one.id}:{one.measure}:{one.per}:{one.wallet or ''}"
        amount = decimals(program.currency) if one.measure == "spend" else 0
        scale = program.wallets[one.wallet].scale if one.wallet is not None else 0
        found.append(
            Way(
                codes.get(("counter", f"milestone:{name}"), 0),
                codes.get(("counter", f"milestone-given:{name}"), 0),
                one.per,
                tuple((units(s.at, amount), units(s.points, scale), s.again) for s in one.steps),
                budget=0
                if one.budget is None
                else codes.get(("counter", f"budget:milestone:{name}"), 0),
                most=0 if one.budget is None else units(one.budget, scale),
            )
        )
    for board in program.leaderboards:
        for store in board.stores or ("",):
            name = f"board:{board.id}:{board.measure}:{board.per}:{store}"
            found.append(Way(codes.get(("counter", name), 0), 0, board.per, ()))
    for draw in program.draws:
        code = codes.get(("counter", f"draw:{draw.id}:{draw.measure}"), 0)
        first = date.fromisoformat(draw.from_on).toordinal()
        found.append(Way(code, 0, "ever", (), first))
    return tuple(found)


def with_budget(versions: Mapping[tuple[int, int], tuple[Way, ...]]) -> dict[tuple[int, int], Way]:
    """The milestones with a budget, by program and the counter of what they gave.

    Shape: `versions` by program and number. Of several versions the one that gives most is told.
    """
    found: dict[tuple[int, int], Way] = {}
    for (program_id, _), ways in versions.items():
        for way in ways:
            key = program_id, way.given
            if way.budget and (key not in found or found[key].most < way.most):
                found[key] = way
    return found


def promised(versions: Mapping[datetime, tuple[Way, ...]], way: Way, begun: datetime | None) -> Way:
    """What was promised of a milestone when its period began, or first of all.

    Shape: `versions` by the instant from which each rules, in order; `begun` is nothing where the
    period never began.
    """
    same = [
        (at, one) for at, ways in versions.items() for one in ways if one.counter == way.counter
    ]
    if begun is not None:
        then = [at for at in versions if at <= begun] or [min(versions)]
        there = [one for at, one in same if at == then[-1]]
        if there:
            return there[0]
    return next((one for at, one in same if begun is None or at > begun), way)


def begins_at(zone: str, per: Period, day: int) -> datetime | None:
    """When the period of a day began there; nothing when it never did."""
    here = date.fromordinal(day)
    if per == "week":
        here -= timedelta(days=here.isoweekday() - 1)
    elif per == "month":
        here = here.replace(day=1)
    elif per == "year":
        here = date(here.year, 1, 1)
    elif per != "day":
        return None
    return datetime(here.year, here.month, here.day, tzinfo=ZoneInfo(zone))
