"""Whoever reaches a tier that comes with an associate has one soon; who loses it, no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.ladder.counting import measured
from regulars.engine.ladder.credit import step_of
from regulars.engine.rewarding.including.associates import ends_at, no_right, with_associates
from regulars.engine.rewarding.including.beginning import review
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.stuck import about
from regulars.flows.membership.benefits.batch import tell
from regulars.flows.membership.benefits.looking_after import BY_RULE, Wanted, give_associates
from regulars.records.benefits.associates import read, write
from regulars.records.benefits.associates.read import Asks
from regulars.records.benefits.associates.types import Associate
from regulars.records.benefits.types import Grant
from regulars.records.night import read as night
from regulars.records.night.write import settle
from regulars.records.program.types import Benefit

Who = tuple[Mapping[UUID, MemberState], Mapping[UUID, Sequence[Grant]]]
"""Where members stand, and what was granted to each by hand."""
STEP: Final = "follow_associates"
AT_ONCE: Final = 2_000
"""So many members of a further ladder are asked at once whether they stand high enough."""


async def follow_associates(tx: Tx, terms: Terms, most: int) -> int:
    """Members get somebody who looks after them, and lose them when the benefit is over; of how
    many members.

    Order: who lost the benefit first, so that who works here has room for who comes. Where
    somebody stands on a further ladder is worked out: of very many some are asked each minute.
    """
    version, parked = terms.at(tx.now), await night.parked(tx, STEP)
    asks = {one.id: _asks(version, one) for one in with_associates(version)}
    look = await read.of_others(tx, sorted(asks), most)
    wanted = list[Wanted]()
    for one in asks.values():
        look += await read.to_look(tx, one, most, parked)
    for benefit in with_associates(version, "fewest"):
        room = most - len(wanted)
        found = await read.lacking(tx, asks[benefit.id], room, parked) if room > 0 else []
        if room > len(found):
            found += await _climbed(tx, terms, benefit, (room - len(found), [*parked, *found]))
        wanted += [Wanted(member_id, benefit.id) for member_id in found]
    members = {member_id for member_id, _ in look} | {one.member_id for one in wanted}
    if not members:
        return 0
    with about(STEP, members):
        states = await hold_members(tx, terms, members)
        # Somebody may have chosen another one, or nobody, while we waited for the member.
        still = await read.last_still(tx, [one.associate_id for _, one in look])
        look = [one for one in look if one[1].associate_id in still]
        granted = await tell(tx, terms, states)
        changes = Changes(tx.new_id)
        for state in {state.member_id: state for state in states.values()}.values():
            review(changes, state, version, tx.now)
        ends = list[write.End]()
        over = list(_over(version, look, (states, granted), tx.now))
        for state, gone in over:
            at = ends_at(version, gone.benefit, tx.now)
            ends.append(write.End(gone.associate_id, at, "over", BY_RULE))
            changes.touch(state)
            payload = {
                "associate_id": gone.associate_id, "benefit": gone.benefit,
                "staff_id": gone.staff_id, "why": "over", "ended_at": at.isoformat(),
            }  # fmt: skip
            event = Event(state.member_id, state.version, "associate.ended", payload)
            changes.events.append(event)
        ended = {one.associate_id for _, one in over}
        last = [one.associate_id for _, one in look if one.associate_id not in ended]
        await tx.write([*write.end(tx, ends), *write.looked(tx, last)])
        given = await give_associates(tx, terms, changes, (states, granted), wanted)
        await tx.write([*given, *writes_of(tx, terms, changes), *settle(tx, STEP, members)])
    return len(members) if given or over else 0


async def _climbed(
    tx: Tx, terms: Terms, benefit: Benefit, of: tuple[int, Sequence[UUID]]
) -> list[UUID]:
    """Members without anybody who stand high enough on the further ladder a benefit asks of."""
    version, (most, but) = terms.at(tx.now), of
    view = _view(version, benefit)
    if view is None:
        return []
    terms_there = [each for one in (*view.earlier, view) for each in measured(one)]
    codes = {code for one in terms_there for code in (one.credit_counter, one.back_counter)} - {0}
    tiers = {tier for one in terms_there for tier in one.compiled.tiers}
    asked = (benefit.id, sorted(codes), sorted(tiers))
    ids = await read.lacking_on(tx, asked, AT_ONCE, but)
    states = await hold_members(tx, terms, ids, lock=False)
    right = (
        member_id
        for member_id in ids
        if no_right(version, states[member_id], benefit.id, (), tx.now) is None
    )
    return list(islice(right, most))


def _view(version: Version, benefit: Benefit) -> Version | None:
    """The further ladder that gives a benefit; nothing where another way does."""
    if benefit.by != "tier" or benefit.plan is not None or benefit.tier is None:
        return None
    views = version.further.values()
    return next((one for one in views if benefit.tier in one.compiled.tiers), None)


def _everybodys(view: Version, tier: str) -> bool:
    """Whether whoever has nothing stands on a step, or above it."""
    return view.compiled.tier_of(0) >= step_of(view, tier)


def _over(
    version: Version, look: Sequence[tuple[UUID, Associate]], who: Who, now: datetime
) -> Iterator[tuple[MemberState, Associate]]:
    """Those whose benefit is over, each once, with where the member stands."""
    (states, granted), seen = who, set[UUID]()
    for member_id, one in look:
        state = states.get(member_id)
        if state is None or one.associate_id in seen:
            continue
        seen.add(one.associate_id)
        mine = granted.get(state.member_id, ())
        if state.state == "erased" or no_right(version, state, one.benefit, mine, now):
            yield state, one


def _asks(version: Version, benefit: Benefit) -> Asks:
    """What one sees of standing without working anything out."""
    stands = benefit.by == "tier" and benefit.plan is None
    tiers: list[str] | None = None
    if stands and benefit.tier is not None:
        ladder = version.compiled.tiers
        tiers = list(ladder[ladder.index(benefit.tier) :]) if benefit.tier in ladder else []
        view = _view(version, benefit)
        if view is not None and _everybodys(view, benefit.tier):
            tiers = None
    return benefit.id, stands, tiers, benefit.plan or ""
