"""What members did for challenges and streaks, read as it stands after all that came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.calendar import day_starts_at
from regulars.engine.rewarding.gaming.deeds import Done
from regulars.engine.rewarding.gaming.since import Cut, cut_at, parted, starts_at
from regulars.engine.terms import Terms
from regulars.flows.recording.sales import Sales
from regulars.records.activity import read as activities
from regulars.records.activity.types import FRIEND_STAYED
from regulars.records.rewards.prizes import read
from regulars.records.rewards.prizes.types import Deed, Part

Played = tuple[dict[UUID, list[Done]], dict[UUID, dict[str, list[datetime]]]]


async def played(
    tx: Tx, member_ids: Sequence[UUID], needed: Mapping[UUID, datetime] | None = None
) -> Played:
    """What each of these did, in the order it happened, and since when they take part in what.

    Shape: `needed` are others, and since when what they did is read too.
    Order: after the members are held, where something is written by it.
    """
    begins = {id_: at for id_, at in (needed or {}).items() if id_ not in member_ids}
    who = [*member_ids, *begins]
    return await _played(tx, await read.deeds(tx, who, begins), who)


async def played_since(
    tx: Tx, terms: Terms, member_ids: Sequence[UUID], needed: Mapping[UUID, datetime]
) -> tuple[Played, dict[UUID, Cut]]:
    """The same of what has to be told anew, and where each member's games are cut for it.

    Shape: `needed` says of these and of others since when what they did is read at the latest.
    Order: after the members are held: whoever tells of a deed holds them while saying since when
    they are to be looked at. Of whom no cut is there all is told.
    """
    since = await read.since(tx, member_ids) if parted(terms) else {}
    begins = {id_: at for id_, at in needed.items() if id_ not in member_ids}
    for id_, when in since.items():
        if (at := starts_at(terms, when)) is not None:
            begins[id_] = min(at, needed.get(id_, at))
    who = sorted({*member_ids, *begins})
    deeds = await read.deeds(tx, who, begins)
    cuts = {id_: cut_at(terms, when, deeds.get(id_, ())) for id_, when in since.items()}
    zone = terms.versions[0].zone
    for id_, cut in cuts.items():
        begin = day_starts_at(zone, cut.day)
        begin = min(begin, needed.get(id_, begin))
        deeds[id_] = [
            one for one in deeds.get(id_, ()) if one.occurred_at >= begin or one.own_day >= cut.day
        ]
    return await _played(tx, deeds, who), cuts


async def _played(
    tx: Tx, deeds: Mapping[UUID, Sequence[Deed]], member_ids: Sequence[UUID]
) -> Played:
    owners = {d.activity_id: d.member_id for mine in deeds.values() for d in mine}
    there = await activities.some(tx, sorted(set(owners.values())), sorted(owners))
    bought = {id_ for id_, one in there.items() if one.kind == "purchase"}
    # Most that happened never comes back, and needs no decision to be read.
    back = await activities.came_back(tx, [id_ for id_ in there if id_ not in bought])
    friends = {id_ for id_ in back if there[id_].kind == FRIEND_STAYED}
    sales = Sales(owners={id_: owners[id_] for id_ in bought | back}, taken_back=friends)
    await sales.load(tx, lock=False)
    done = {
        who: [
            Done(there[d.activity_id], d.own_day, sales.sales.get(d.activity_id))
            for d in mine
            if d.activity_id in there
            and (d.activity_id not in bought or d.activity_id in sales.sales)
        ]
        for who, mine in deeds.items()
    }
    return done, {who: since(mine) for who, mine in (await read.parts(tx, member_ids)).items()}


def since(parts: Sequence[Part]) -> dict[str, list[datetime]]:
    """By challenge, the instants at which somebody said they take part."""
    found: dict[str, list[datetime]] = {}
    for one in parts:
        found.setdefault(one.challenge, []).append(one.since)
    return found
