"""Members begin journeys by what happened, and go on as far as they may."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.engine.segments.walking import Walked, Walker, walk
from regulars.engine.terms import Terms
from regulars.flows.telling.campaigns.journeys.leave_tasks import came_to, leave_tasks
from regulars.flows.telling.surveys.commands import InviteMember
from regulars.flows.telling.surveys.invite_members import invite_members
from regulars.flows.terms.promised.commands import GiveOffer, Having
from regulars.flows.terms.promised.give_offers import give_offers
from regulars.records.access.staff.types import By
from regulars.records.members import read as members
from regulars.records.members.types import Member, MemberRef
from regulars.records.members.unions import read as unions
from regulars.records.outbox.campaigns.journeys import read, write
from regulars.records.outbox.campaigns.journeys.read import InUse, Saying
from regulars.records.outbox.campaigns.journeys.types import (
    AT_STEP,
    Asked,
    BranchStep,
    Journey,
    MessageStep,
    Moved,
    OfferStep,
    Passed,
    Run,
    TaskStep,
    TellStep,
    segments_of,
)
from regulars.records.outbox.campaigns.journeys.write import Span
from regulars.records.outbox.campaigns.rules import held_out, way_of, zone_of
from regulars.records.outbox.following import read as following
from regulars.records.outbox.surveys.types import Invitation
from regulars.records.outbox.write import Told, tell
from regulars.records.program.changes.experiments import read as experiments
from regulars.records.program.changes.segments import read as segments

MOST: Final = 500
"""Members of one round: held for some tens of milliseconds."""
_BY: Final = By(words="journey")
WINDOW: Final = 20_000
"""Transactions that are looked at in one go."""
EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


async def begin_journeys(tx: Tx, _terms: Terms) -> bool:
    """Whoever something happened to that begins a journey is at its first step; whoever something
    happened to that ends theirs goes no further; whether there is more to look at.

    Order: transaction by transaction, below the oldest that still runs, so that none is missed
    however late it commits. Who begins and does at once what ends it, ends.
    Where a plan names segments, nobody begins by it further than the members of those are followed,
    by a reach of its own: what ends a journey, who begins one that names none, and who begins one
    that names others, waits for nobody.
    Keeps: nothing begins by what happened before the journey was published, or before the house was
    restored. While a journey pauses nobody begins it; what ends it ends it all the same.
    """
    reach = await read.reach(tx)
    if reach is None:
        return False
    here = await following.horizon(tx)
    if reach.cluster != here.cluster:
        await tx.write(write.newly(tx, here.cluster, here.below_tx))
        return False
    journeys = {one.journey_id: one for one in await read.not_over(tx)}
    plans = await read.in_use(tx, list(journeys))
    until = min(reach.below_tx + WINDOW, here.below_tx)
    waits = await _waits(tx, plans, reach, until)
    if until <= reach.below_tx and all(one.below <= one.since for one in waits.values()):
        return False
    raised_at = await following.raised_at(tx)
    for plan in plans:
        began = waits.get((plan.journey_id, plan.version), _Waits(reach.below_tx, until))
        if began.since < began.below:
            await _begin(tx, plan, journeys[plan.journey_id], began, raised_at)
        # Who begins late did perhaps long ago what ends it.
        since = min(began.since if began.since < began.below else until, reach.below_tx)
        await _leave(tx, plan, (since, until))
    done = {one.journey_id: _after(one, waits) for one in plans if one.begins}
    had = {one.journey_id: one.waits_tx for one in plans}
    now = {id_: below for id_, below in done.items() if below != had[id_]}
    await tx.write([*write.reached(tx, here.cluster, until), *write.waited(tx, now)])
    return until < here.below_tx or any(one.below == one.since + WINDOW for one in waits.values())


class _Waits(NamedTuple):
    """From which transaction on, and below which, it is looked at who begins a journey."""

    since: int
    below: int


async def _waits(
    tx: Tx, plans: Sequence[InUse], reach: read.Reach, until: int
) -> dict[tuple[UUID, int], _Waits]:
    """Of each plan that names segments, how far those are what members did: nobody is judged by
    what they were before they did what begins their journey.

    Keeps: a segment that is being filled holds who names it, and nobody else.
    """
    each = ((one, segments_of(one.plan)) for one in plans if one.begins)
    asking = [(one, named) for one, named in each if named]
    if not asking:
        return {}
    codes = set().union(*(named for _, named in asking))
    known, filling = await segments.known_below(tx, codes, reach.cluster)
    found = {}
    for one, named in asking:
        since = reach.below_tx if one.waits_tx is None else min(one.waits_tx, reach.below_tx)
        sees = since if known is None or named & filling else known
        below = max(min(since + WINDOW, sees, until), since)
        found[one.journey_id, one.version] = _Waits(since, below)
    return found


def _after(one: InUse, waits: Mapping[tuple[UUID, int], _Waits]) -> int | None:
    found = waits.get((one.journey_id, one.version))
    return None if found is None else found.below


async def _begin(
    tx: Tx, one: InUse, journey: Journey, txs: tuple[int, int], raised_at: datetime | None
) -> None:
    """While it pauses nobody begins."""
    assert journey.begins_at is not None, journey
    if one.begins and journey.state == "running":
        span = Span(*txs, max(journey.begins_at, raised_at or journey.begins_at))
        await tx.write(write.enter(tx, one.journey_id, one.version, one.plan, span))


async def _leave(tx: Tx, one: InUse, txs: tuple[int, int]) -> None:
    """Whoever does what ends it goes no further, also while it pauses; said again it changes
    nothing."""
    for ends_on in one.plan.ends_on:
        await tx.write(write.leave(tx, one.journey_id, one.version, ends_on, Span(*txs, EVER)))


async def walk_journeys(tx: Tx, terms: Terms, most: int = MOST) -> int:
    """The next members whose time has come go on; how many.

    Order: whoever has somebody at hand is left to it, so two workers walk with different members.
    Keeps: what is behind somebody, what they are to be told and where they are now are written as
    one: cut off, none of it was. A message is a row of its campaign, and goes within its bounds.
    """
    ended = await write.end(tx, most)
    going = {one.journey_id: one for one in await read.running(tx)}
    due = await read.due(tx, list(going), most) if going else []
    if not due:
        await tx.write(write.tidy(tx))
        return ended
    plans = {(one.journey_id, one.version): one for one in await read.in_use(tx, list(going))}
    saying = await read.saying(tx, list(going))
    walkers = await _walkers(tx, terms, due, plans)
    went = [(run, _walked(tx, run, plans, walkers)) for run in due]
    went = await _invited(tx, terms, went)
    went = await _offered(tx, terms, went, plans)
    went = await leave_tasks(tx, terms, went, await _held(tx, went, plans, TaskStep))
    went = await _told(tx, went, plans, going)
    await tx.write(write.went(
        tx, [each for run, one in went for each in _passed(run, one)],
        [each for run, one in went for each in _asked(run, one, saying)],
        [Moved(run.run_id, one.step, one.since, one.due_at, one.why) for run, one in went],
    ))  # fmt: skip
    return ended + len(due)


def _walked(
    tx: Tx, run: Run, plans: Mapping[tuple[UUID, int], InUse], walkers: Mapping[UUID, Walker]
) -> Walked:
    plan = plans[run.journey_id, run.version].plan
    return walk(plan, run, walkers[run.member_id], tx.now)


async def _invited(
    tx: Tx, terms: Terms, went: Sequence[tuple[Run, Walked]]
) -> list[tuple[Run, Walked]]:
    """Whoever is to be asked something has their invitation; who was asked by something else not
    long ago is told nothing here."""
    meant = [
        (run.run_id, step, InviteMember(step.survey, MemberRef(id=run.member_id), _BY))
        for run, one in went
        for step, _ in one.passed
        if isinstance(step, MessageStep) and step.survey
    ]
    if not meant:
        return list(went)
    said = await invite_members(tx, terms, [command for _, _, command in meant])
    refused = {
        (run_id, step.id)
        for (run_id, step, _), outcome in zip(meant, said, strict=True)
        if not isinstance(outcome, Invitation)
    }
    return [(run, _less(run, one, refused)) for run, one in went]


async def _offered(
    tx: Tx,
    terms: Terms,
    went: Sequence[tuple[Run, Walked]],
    plans: Mapping[tuple[UUID, int], InUse],
) -> list[tuple[Run, Walked]]:
    """Whoever is to have an offer has it, unless chance holds them out of the journey; what was not
    given says so.

    Order: in that of members, as they are locked; what somebody had before stays as it was.
    """
    meant = [
        (run, step)
        for run, one in went
        for step, outcome in one.passed
        if isinstance(step, OfferStep) and outcome == "offered"
    ]
    if not meant:
        return list(went)
    became = await _held(tx, went, plans, OfferStep)
    gives = sorted(
        (one for one in meant if (one[0].run_id, one[1].id) not in became),
        key=lambda one: one[0].member_id,
    )
    commands = [
        GiveOffer(step.offer, MemberRef(id=run.member_id), _BY, "journey") for run, step in gives
    ]
    said = await give_offers(tx, terms, commands) if commands else []
    for (run, step), outcome in zip(gives, said, strict=True):
        if not isinstance(outcome, Having):
            became[run.run_id, step.id] = "not_given"
    return [(run, came_to(run, one, became)) for run, one in went]


async def _told(
    tx: Tx,
    went: Sequence[tuple[Run, Walked]],
    plans: Mapping[tuple[UUID, int], InUse],
    going: Mapping[UUID, Journey],
) -> list[tuple[Run, Walked]]:
    """Other systems hear of whoever came to a step that tells, unless chance holds them out.

    Keeps: nobody's standing is held or raised: an event bears the version its member has. It is
    told in the transaction that says that the step is behind them, so once.
    """
    meant = [
        (run, step)
        for run, one in went
        for step, _ in one.passed
        if isinstance(step, TellStep)
    ]  # fmt: skip
    if not meant:
        return list(went)
    became = await _held(tx, went, plans, TellStep)
    tells = [one for one in meant if (one[0].run_id, one[1].id) not in became]
    versions = await members.versions(tx, {run.member_id for run, _ in tells})
    await tx.write(tell(tx, [
        Told(run.member_id, versions[run.member_id], AT_STEP, msgspec.json.encode({
            "journey": going[run.journey_id].code, "step": step.id, "note": step.note,
            "run_id": str(run.run_id),
        }).decode())
        for run, step in tells
    ]))  # fmt: skip
    return [(run, came_to(run, one, became)) for run, one in went]


async def _held(
    tx: Tx,
    went: Sequence[tuple[Run, Walked]],
    plans: Mapping[tuple[UUID, int], InUse],
    kind: type[OfferStep | TaskStep | TellStep],
) -> dict[tuple[UUID, str], str]:
    """Who came to a step of this kind and is held out of it, by run and step, and of what."""
    meant = [(run, step) for run, one in went for step, _ in one.passed if isinstance(step, kind)]
    if not meant:
        return {}
    found: dict[tuple[UUID, str], str] = {}
    everywhere = await experiments.held_out_of_all(tx, sorted({run.member_id for run, _ in meant}))
    for run, step in meant:
        plan = plans[run.journey_id, run.version]
        percent = plan.plan.held_percent if plan.holds_out else 0
        # Where nobody is to be held out, what a person is to do is no experiment of all either.
        spares = kind is TaskStep and plan.plan.held_percent == 0
        if run.member_id in everywhere and not spares:
            found[run.run_id, step.id] = "held_out_of_all"
        elif held_out(run.journey_id, run.member_id, percent):
            found[run.run_id, step.id] = "held_out"
    return found


def _less(run: Run, one: Walked, refused: Collection[tuple[UUID, str]]) -> Walked:
    passed = [
        (step, "spared" if (run.run_id, step.id) in refused else outcome)
        for step, outcome in one.passed
    ]
    return replace(one, passed=passed)


async def _walkers(
    tx: Tx, terms: Terms, due: Sequence[Run], plans: Mapping[tuple[UUID, int], InUse]
) -> dict[UUID, Walker]:
    """What is known of these members at this moment."""
    ids = sorted({run.member_id for run in due})
    people, united = await members.members(tx, ids), await unions.aliases(tx, ids)
    inside = await read.inside(tx, ids, _asked_for(plans.values()))
    shop = str(terms.at(tx.now).zone)
    return {who: _walker(people.get(who), who in united, inside.get(who, ()), shop) for who in ids}


def _walker(member: Member | None, united: bool, inside: Collection[str], shop: str) -> Walker:
    zone = zone_of("" if member is None else member.zone, shop)
    gone = member is None or member.state != "active"
    return Walker(gone, united, inside, zone)


def _asked_for(plans: Collection[InUse]) -> set[str]:
    steps = (step for one in plans for step in one.plan.steps)
    return {step.segment for step in steps if isinstance(step, BranchStep)}


def _passed(run: Run, one: Walked) -> list[Passed]:
    return [
        Passed(run.run_id, run.journey_id, run.version, step.id, outcome)
        for step, outcome in one.passed
    ]


def _asked(run: Run, one: Walked, saying: Mapping[tuple[UUID, int, str], Saying]) -> list[Asked]:
    """A message for each step behind them that says something."""
    told: list[Asked] = []
    for step, outcome in one.passed:
        if isinstance(step, MessageStep) and outcome == "asked":
            by = saying[run.journey_id, run.version, step.id]
            held = held_out(run.journey_id, run.member_id, by.percent)
            way = way_of(by.campaign_id, run.member_id, by.ways) if by.ways > 1 else None
            told.append(Asked(by.campaign_id, run.member_id, run.run_id, held, way))
    return told
