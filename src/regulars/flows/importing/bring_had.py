"""What members chose, were granted, take part in and had goes on where it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, KeyReused
from regulars.base.tx import Tx, Write
from regulars.engine.terms import Terms
from regulars.flows.batch.load import hold_members
from regulars.flows.commands import History
from regulars.flows.importing.commands import BringHad, Brought
from regulars.flows.importing.finding import find
from regulars.flows.importing.reading_had import places_of, read_row
from regulars.records.benefits import write as benefits
from regulars.records.benefits.plans import write as plans
from regulars.records.benefits.plans.types import Turn
from regulars.records.imports.came import read
from regulars.records.imports.came.types import Came, Place
from regulars.records.imports.came.write import keep
from regulars.records.members import read as people
from regulars.records.members.referrals import write as referrals
from regulars.records.rewards.choices.write import choose
from regulars.records.rewards.prizes import write as prizes
from regulars.records.rewards.teams import write as teams

HadOutcome = Brought | Fault
_SAME: Final = ("choice", "trial", "part", "prize", "grant")
"""Where the same thing stands already, there is nothing left to bring."""


class _Batch(Struct):
    """Lines while they are looked at: what stands where, and what comes."""

    tx: Tx
    terms: Terms
    known: set[UUID]
    places: set[Place]
    there: set[UUID]
    fresh: list[tuple[BringHad, UUID, Any]] = []


async def bring_had(
    tx: Tx, terms: Terms, batch: Sequence[BringHad], history: History
) -> list[HadOutcome]:
    """Each thing stands as it stood there, once; nobody is told, and what it gave came as points.

    Order: members are held in the order of their ids, then teams.
    Faults: an unknown member, referrer or founder, a row that cannot be read, a name the program
    does not have, another thing where there is room for one.
    """
    assert history.import_id is not None, history
    if any(one.kind in ("team", "place") for one in batch):
        await teams.lock_teams(tx)
    whom = await find(tx, terms, batch)
    states = await hold_members(tx, terms, [who for who in whom if isinstance(who, UUID)])
    things: list[Any] = []
    for one, who in zip(batch, whom, strict=True):
        things.append(_read(terms, one, states[who].member_id if isinstance(who, UUID) else who))
    had = await _look(tx, terms, batch, things)
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


def _read(terms: Terms, one: BringHad, who: UUID | Fault) -> Any:
    if isinstance(who, Fault):
        return who
    try:
        return (who, read_row(terms, one, who))
    except Fault as fault:
        return fault


async def _look(tx: Tx, terms: Terms, batch: Sequence[BringHad], things: Sequence[Any]) -> _Batch:
    read_ = [one for one in things if not isinstance(one, Fault)]
    codes = [code for _, thing in read_ if (code := getattr(thing, "code", ""))]
    refers = [id_ for _, thing in read_ if (id_ := getattr(thing, "referrer_id", None))]
    ids = [one.id for one in batch]
    members = sorted({who for who, _ in read_})
    return _Batch(
        tx,
        terms,
        await read.known(tx, ids),
        await read.places(tx, members, ids, codes),
        await people.present(tx, refers),
    )


def _one(had: _Batch, one: BringHad, read_: tuple[UUID, Any]) -> HadOutcome:
    who, thing = read_
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
    return Brought(who)


def _writes(tx: Tx, import_id: UUID, had: _Batch) -> list[Write]:
    by_kind: dict[str, list[Any]] = {}
    came: list[Came] = []
    for one, who, thing in had.fresh:
        by_kind.setdefault(one.kind, []).append(thing)
        taken = one.kind == "taken"
        about = one.id
        came.append(
            Came(about, who, one.kind, thing.reward if taken else "", thing.at if taken else None)
        )
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
        *keep(tx, import_id, came),
    ]


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
        actor="import",
        reason="brought over",
    )


def _has_plan(version: Any, plan: str) -> bool:
    return any(one.id == plan for one in version.program.plans)
