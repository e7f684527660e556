"""What members chose, were granted, take part in and had goes on where it was, also together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, KeyReused
from regulars.base.tx import Tx, Write
from regulars.engine.deciding import tiering
from regulars.engine.ladder import floors, further
from regulars.engine.ladder.credit import step_of
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.load import hold_members
from regulars.flows.commands import History
from regulars.flows.importing.commands import BringHad, Brought
from regulars.flows.importing.finding import find
from regulars.flows.importing.known_otherwise import by_names, otherwise
from regulars.flows.importing.reading_had import places_of, read_row
from regulars.flows.importing.reading_ties import Family
from regulars.records.benefits import write as benefits
from regulars.records.benefits.plans import write as plans
from regulars.records.benefits.plans.types import Turn
from regulars.records.imports.came import read
from regulars.records.imports.came.types import Came, Place
from regulars.records.imports.came.write import keep
from regulars.records.members import read as people
from regulars.records.members.referrals import write as referrals
from regulars.records.members.types import Member
from regulars.records.members.unions import read as unions
from regulars.records.members.unions import write as households
from regulars.records.members.unions.types import Place as AtHome
from regulars.records.rewards.choices.write import choose
from regulars.records.rewards.prizes import write as prizes
from regulars.records.rewards.teams import write as teams
from regulars.records.standing.grants import write as by_hand
from regulars.records.standing.grants.types import GrantTurn

HadOutcome = Brought | Fault
_SAME: Final = ("choice", "trial", "part", "prize", "grant", "tier")
"""Where the same thing stands already, there is nothing left to bring."""
_ACTOR: Final = "import"
_LET_IN: Final = (
    "bring their line of `members` along; where two members here have their names, leave this "
    "line out and found the household by hand"
)


class _Batch(Struct):
    """Lines while they are looked at: what stands where, and what comes."""

    tx: Tx
    terms: Terms
    known: set[UUID]
    places: set[Place]
    there: set[UUID]
    states: Mapping[UUID, MemberState]
    changes: Changes
    fresh: list[tuple[BringHad, UUID, Any]] = []


async def bring_had(
    tx: Tx, terms: Terms, batch: Sequence[BringHad], history: History
) -> list[HadOutcome]:
    """Each thing stands as it stood there, once; nobody is told, and what it gave came as points.

    Order: households are held, then teams, then members in the order of their ids.
    Faults: an unknown member, referrer, founder or somebody of a household, a row that cannot be
    read, a name the program does not have, another thing where there is room for one.
    """
    assert history.import_id is not None, history
    if any(one.kind == "household" for one in batch):
        await households.lock_households(tx)
    if any(one.kind in ("team", "place") for one in batch):
        await teams.lock_teams(tx)
    whom = await otherwise(tx, terms, batch, await find(tx, terms, batch))
    states = await hold_members(tx, terms, [who for who in whom if isinstance(who, UUID)])
    things: list[Any] = []
    for one, who in zip(batch, whom, strict=True):
        named = states[who].member_id if isinstance(who, UUID) else who
        things.append(_read(tx, terms, one, named))
    things = await _at_home(tx, terms, things)
    changes = Changes(tx.new_id, now=tx.now, history=history.import_id)
    had = await _look(tx, terms, batch, things, (states, changes))
    outcomes = [
        thing if isinstance(thing, Fault) else _one(had, one, thing)
        for one, thing in zip(batch, things, strict=True)
    ]
    await tx.write(_writes(tx, history.import_id, had))
    # A round of its own: writes of one round do not see each other.
    friends = [thing for one, _, thing in had.fresh if one.kind == "referral"]
    done = [one for one in friends if one.state in ("rewarded", "retracted")]
    await tx.write(referrals.settle(tx, done))
    return outcomes


def _read(tx: Tx, terms: Terms, one: BringHad, who: UUID | Fault) -> Any:
    if isinstance(who, Fault):
        return who
    try:
        return (who, read_row(terms, one, who, tx.now))
    except Fault as fault:
        return fault


async def _at_home(tx: Tx, terms: Terms, things: Sequence[Any]) -> list[Any]:
    """Households with everybody as whom they stand here, or the fault of one that is not whole.

    Keeps: whose number is nobody's here is whoever alone has their names; who was erased stays so.
    Assumes: households are locked, so nobody who is asked about is merged or erased meanwhile.
    """
    families = [thing for _, thing in _sound(things) if isinstance(thing, Family)]
    ids = {place.member_id for one in families for place in one.places}
    stands = await unions.aliases(tx, ids)
    there = await people.members(tx, {*ids, *stands.values()})
    places = [place for one in families for place in one.places]
    lost = [one for one in places if stands.get(one.member_id, one.member_id) not in there]
    found = await by_names(tx, terms, [one.names for one in lost])
    stands |= {one.member_id: here for one, here in zip(lost, found, strict=True) if here}
    able = _able({**there, **await people.members(tx, {here for here in found if here})})
    return [
        (thing[0], _settled(thing[1], stands, able))
        if not isinstance(thing, Fault) and isinstance(thing[1], Family)
        else thing
        for thing in things
    ]


def _able(there: Mapping[UUID, Member]) -> set[UUID]:
    """Which of these are members who may share a balance."""
    return {who for who, one in there.items() if one.state in ("active", "blocked")}


def _settled(family: Family, stands: Mapping[UUID, UUID], able: set[UUID]) -> Family | Fault:
    who = [stands.get(place.member_id, place.member_id) for place in family.places]
    for place, here in zip(family.places, who, strict=True):
        if here not in able:
            says = f"{place.member_id} of this household is no member here by their number or names"
            return Invalid(says, field="/row", mend=_LET_IN)
    if len(set(who)) != len(who):
        return Invalid("two of this household are one here", field="/row", mend="found it anew")
    places = zip(family.places, who, strict=True)
    return replace(family, places=tuple(replace(one, member_id=id_) for one, id_ in places))


def _sound(things: Sequence[Any]) -> list[tuple[UUID, Any]]:
    return [one for one in things if not isinstance(one, Fault)]


async def _look(
    tx: Tx,
    terms: Terms,
    batch: Sequence[BringHad],
    things: Sequence[Any],
    held: tuple[Mapping[UUID, MemberState], Changes],
) -> _Batch:
    read_ = _sound(things)
    codes = [code for _, thing in read_ if (code := getattr(thing, "code", ""))]
    refers = [id_ for _, thing in read_ if (id_ := getattr(thing, "referrer_id", None))]
    ids = [one.id for one in batch]
    homes = [one for _, thing in read_ if isinstance(thing, Family) for one in thing.places]
    members = sorted({who for who, _ in read_} | {one.member_id for one in homes})
    return _Batch(
        tx,
        terms,
        await read.known(tx, ids),
        await read.places(tx, members, ids, codes),
        await people.present(tx, refers),
        *held,
    )


def _one(had: _Batch, one: BringHad, read_: tuple[UUID, Any]) -> HadOutcome:
    who, thing = read_
    if isinstance(thing, Fault):
        return thing
    if one.id in had.known:
        return Brought(who, replayed=True)
    places = places_of(one.kind, thing)
    if had.places.intersection(places):
        if one.kind in _SAME:
            return Brought(who, replayed=True)
        says = f"another {one.kind.replace('_', ' ')} stands there already"
        return KeyReused(says, field="/id", mend="leave the line out")
    referrer = getattr(thing, "referrer_id", None)
    if referrer is not None and referrer not in had.there:
        says = "whoever brought them is no member here"
        return Invalid(says, field="/row", mend="bring their line of `members` along")
    had.known.add(one.id)
    had.places.update(places)
    had.fresh.append((one, who, thing))
    if one.kind == "tier":
        _hold_up(had, had.states[who], thing.given)
    return Brought(who)


def _hold_up(had: _Batch, state: MemberState, given: Any) -> None:
    """What was given by hand holds its member, if the line of their tier does not say so yet."""
    version, now = had.terms.at(had.tx.now), had.tx.now
    before = further.stands_on(version, state, now)
    state.grants = sorted([*state.grants, given], key=lambda one: one.begun_at or one.given_at)
    further.tell(had.changes, state, version, before, now)
    if given.ladder in version.further or not given.holds(now):
        return
    floor = floors.Stand(given.tier, given.until_at, step_of(version, given.tier))
    stands = floors.Stand(state.tier, state.tier_until, step_of(version, state.tier))
    if floors.better(floor, stands):
        why: tiering.Why = (given.kind, given.grant_id, given.until_at, given.begun_at)
        tiering.move(had.changes, state, given.tier, why)


def _writes(tx: Tx, import_id: UUID, had: _Batch) -> list[Write]:
    by_kind: dict[str, list[Any]] = {}
    came: list[Came] = []
    for one, who, thing in had.fresh:
        by_kind.setdefault(one.kind, []).append(thing)
        said: tuple[Any, ...] = ()
        if one.kind == "taken":
            said = (thing.reward, thing.at)
        elif one.kind == "spent":
            said = (thing.wallet, thing.at, thing.units)
        came.append(Came(one.id, who, one.kind, *said))
    of: Any = lambda kind: by_kind.get(kind, [])  # noqa: E731
    trials = [(who, thing.digest) for one, who, thing in had.fresh if one.kind == "trial"]
    return [
        *choose(tx, of("choice")),
        *benefits.grant(tx, of("grant")),
        *plans.turn(tx, [_begun(had.terms, one, tx.now) for one in of("membership")]),
        *plans.take_trials(tx, trials),
        *referrals.give_codes(tx, of("friend_code")),
        *referrals.name(tx, [_named(one) for one in of("referral")]),
        *referrals.give_milestones(tx, of("friends")),
        *prizes.take_part(tx, of("part")),
        *prizes.give(tx, of("prize")),
        *teams.found(tx, of("team")),
        *teams.enter(tx, [(one.team_id, one.place) for one in of("place")]),
        *_shared(tx, of("household")),
        *by_hand.give(tx, [one.given for one in of("tier")]),
        *by_hand.turn(tx, [turn for one in of("tier") for turn in _turns(tx, one)]),
        *keep(tx, import_id, came),
        *writes_of(tx, had.terms, had.changes),
    ]


def _shared(tx: Tx, families: Sequence[Family]) -> list[Write]:
    """Households with everybody's place as it was there: role, since when, limits of buyers."""
    names = {one.household_id: one.name for one in families}
    places = [
        AtHome(at.place_id, one.household_id, at.member_id, at.role, at.joined_at, at.limits)
        for one in families
        for at in one.places
    ]
    return [*households.found(tx, names, _ACTOR), *households.enter(tx, places, _ACTOR)]


def _turns(tx: Tx, one: Any) -> list[GrantTurn]:
    """That a tier given by hand began, and that it was ended, as it was there."""
    given, turns = one.given, []
    ids = (given.grant_id, given.member_id)
    if given.begun_at is not None:
        stood = (given.until_at, given.was_tier, given.was_until, given.had)
        begun = (given.begun_at, one.begun_by, given.reason)
        turns.append(GrantTurn(tx.new_id(), *ids, "begun", *begun, *stood))
    if given.closed_at is not None:
        ended = (given.closed_at, one.closed_by, one.closed_because)
        turns.append(GrantTurn(tx.new_id(), *ids, "ended", *ended))
    return turns


def _named(one: Any) -> Any:
    """As it was named; a purchase that qualified there is looked for anew, and found if it came."""
    return replace(one, state="named", sale_id=None, due_at=None, settled_at=None,
                   retracted_at=None, reason="")  # fmt: skip


def _begun(terms: Terms, one: Any, now: datetime) -> Turn:
    """A membership begins here where it stood there; what was paid before is not paid here."""
    version = next(v for v in reversed(terms.versions) if _has_plan(v, one.plan))
    return Turn(
        turn_id=one.membership_id,
        what="started",
        at=min(one.from_at, now),
        version=version.number,
        after=replace(one, step=1),
        actor=_ACTOR,
        reason="brought over",
    )


def _has_plan(version: Any, plan: str) -> bool:
    return any(one.id == plan for one in version.program.plans)
