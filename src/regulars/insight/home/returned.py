"""What campaigns and offers brought against what they cost, by who is held out of all of them."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, NamedTuple, get_args
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.insight.estimators.saying import Lacking, NotEnough
from regulars.insight.experiments.outcomes import OF_THEIR_OWN
from regulars.insight.metrics.asked import Asked
from regulars.insight.metrics.figures import Figure, missing
from regulars.insight.metrics.metric import Metric
from regulars.insight.metrics.spans import Span

_RATE: Final = "return_on_cost"
_MORE: Final = "brought_more"
RETURNED: Final = (
    Metric(
        id=_RATE,
        report="overview",
        name="Return on what campaigns and offers cost",
        means="Margin of what members spent more than those who are held out of all campaigns, "
        "journeys and offers, less what they cost more, over what they cost more: points owed, "
        "rewards, benefits and messages. Who is held out earns points, climbs tiers and takes "
        "rewards like everybody, so it is not what the whole program returns. As it was last "
        "looked at in the time, since the hold-out began; bounds of 95 % that hold at every look. "
        "Without a hold-out it is not said: members beside non-members would say who joins, not "
        "what campaigns do.",
        part="margin gained, less what it cost",
        whole="what members cost more than those who are held out",
        unit="rate",
        counts="money",
        rows="members",
    ),
    Metric(
        id=_MORE,
        report="overview",
        name="Spent more for campaigns and offers",
        means="What a member spent more, on average, than those who are held out of all campaigns, "
        "journeys and offers, since the hold-out began, as it was last looked at in the time; "
        "bounds of 95 % that hold at every look.",
        part="spent more than those who are held out, all of them together",
        whole="members who are not held out",
        unit="money",
        counts="member",
        rows="members",
    ),
)
# The last look of the time at whoever is held out of all campaigns; of several such the latest.
_LOOKED: Final = """
select l.found, l.day, e.experiment_id, l.at
  from experiment e join experiment_look l using (program_id, experiment_id)
 where e.program_id = $1::int and e.kind = 'everybody' and e.begun_at is not null
   and l.day >= $2::date and l.day < $3::date
 order by e.begun_at desc, l.day desc limit 1
"""
# Whom that look was at, and who of them is not held out; as looks do, without who was merged since.
_WHO: Final = f"""
with look as ({_LOOKED})
select w.member_id, coalesce(o.orders, 0) as orders, coalesce(o.net_minor, 0)::bigint as net_minor,
       o.first_on, o.last_on, w.counted
  from (select x.member_id, x.arm > 0 as counted
          from look k
          join experiment_member x on x.program_id = $1::int and x.experiment_id = k.experiment_id
           and x.since <= k.at and x.member_id > $4::uuid
         where {OF_THEIR_OWN.format(who="x.member_id")}
         order by x.member_id limit $5::int) w
  left join member_orders o on o.program_id = $1::int and o.member_id = w.member_id
 order by w.member_id
"""  # noqa: S608 - a statement of ours
_BEGUN: Final = """
select count(*) as many from experiment
 where program_id = $1::int and kind = 'everybody' and begun_at is not null
"""


class Seen(NamedTuple):
    """What a look at the hold-out found, and of which day it is."""

    found: dict[str, Any]
    day: date


METRICS: Final = (_RATE, _MORE)
"""Those whose members are listed here."""


async def who(
    tx: Tx, _metric: str, asked: Asked, page: tuple[UUID, int], _group: str
) -> list[tuple[object, ...]]:
    """Whom the last look of the time was at, in order of their ids, with all their orders so far,
    and who of them is not held out; nobody where there was no look."""
    days = asked.span.from_on, asked.span.until_on
    rows = await tx.fetch(_WHO, tx.program_id, *days, *page)
    return [tuple(row.values()) for row in rows]


async def returned(tx: Tx, span: Span) -> list[Figure]:
    """The return and what it stands on; or, of both, what is missing."""
    rows = await tx.fetch(_LOOKED, tx.program_id, span.from_on, span.until_on)
    if rows:
        return figures_of(span, msgspec.json.decode(rows[0]["found"], type=dict[str, Any]))
    (begun,) = await tx.fetch(_BEGUN, tx.program_id)
    what: Lacking = "look" if begun["many"] else "hold_out"
    return [missing(one.id, span, NotEnough(what, 0, 1)) for one in RETURNED]


def figures_of(span: Span, found: dict[str, Any]) -> list[Figure]:
    """What a look found, as figures.

    Units: of a look, minor units a member. Example: 400 members who cost 50 more each and brought a
    margin of 75 more each are a return of a half: 10,000 of 20,000.
    """
    if (found.get("mismatch") or {}).get("alarm"):
        return [missing(one.id, span, NotEnough("mismatch", 0, 1)) for one in RETURNED]
    effects = {one["outcome"]: one for one in found.get("effects", ())}
    members = sum(arm["members"] for arm in found["arms"][1:])
    return [_rate(span, effects, members), _more(span, effects.get("spend", {}), members)]


def _rate(span: Span, effects: dict[str, Any], members: int) -> Figure:
    said, cost = effects.get("return", {}), effects.get("cost", {}).get("once")
    if "per_cost" not in said or cost is None:
        return missing(_RATE, span, _why(said.get("missing")))
    ends, value = said["price"]["always"], said["per_cost"]
    whole = round(cost["value"] * members)
    bounds = (ends["low"], ends["high"])
    return Figure(_RATE, span, value, round(value * whole), whole, *bounds, n=members)


def _more(span: Span, said: dict[str, Any], members: int) -> Figure:
    if "once" not in said or "low" not in said.get("always", {}):
        return missing(_MORE, span, _why(said.get("missing") or said.get("always")))
    value, ends = said["once"]["value"], said["always"]
    part, bounds = round(value * members), (ends["low"], ends["high"])
    return Figure(_MORE, span, value, part, members, *bounds, n=members)


def _why(said: Any) -> NotEnough:
    """What a look says is missing, in words of figures."""
    what = (said or {}).get("what", "")
    if what not in get_args(Lacking):
        return NotEnough("values", 0, 1)
    return NotEnough(what, said["have"], said["wanted"])
