"""Tiers by hand: given with a reason, matched with a challenge, offered by an invitation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.calendar import local
from regulars.engine.deciding import tiering
from regulars.engine.ladder import further, giving
from regulars.engine.ladder.credit import has_ladder, until_of
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.askings import (
    Asking,
    askings,
    kept,
    look_again,
    settle_followers,
    sort_out,
)
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.named import find_named, unsaid
from regulars.flows.membership.tiers.tier_commands import (
    GiveTier,
    TierGiven,
    TierOutcome,
    TurnGrant,
)
from regulars.records.once.write import Kept, keep
from regulars.records.standing.grants import read, write
from regulars.records.standing.grants.types import GrantTurn, TierGrant

MOST_CREDIT = 10**15
MOST_DAYS = 3660


class _Batch(Struct):
    """What a batch gives and turns, on its way to the books."""

    tx: Tx
    terms: Terms
    changes: Changes
    grants: list[TierGrant]
    turns: list[GrantTurn]
    answered: list[Kept]

    @property
    def version(self) -> Version:
        return self.terms.at(self.tx.now)


def _batch(tx: Tx, terms: Terms) -> _Batch:
    return _Batch(tx, terms, Changes(tx.new_id, now=tx.now), [], [], [])


async def give_tiers(tx: Tx, terms: Terms, batch: Sequence[GiveTier]) -> list[TierOutcome]:
    """Give each of these tiers once, with a reason and a name; invitations wait for an answer.

    Refuses: see `giving.Refusal`. Faults: unknown member, no reason, no name, an end that is over,
    a challenge without an end, a program without tiers.
    """
    asked = askings("give_tier", batch, lambda _: None)
    await sort_out(tx, asked, TierGiven)
    fresh = [item for item in asked if item.open]
    for item in fresh:
        item.outcome = unsaid(item.command) or _wrong(tx, terms, item.command)
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    todo = [item for item in fresh if item.open]
    if todo:
        states = await hold_members(tx, terms, found.values())
        work = _batch(tx, terms)
        for item in todo:
            _give(work, item, states[found[item.place]])
        await _write(work, todo)
    return settle_followers(asked)


async def turn_grants(tx: Tx, terms: Terms, batch: Sequence[TurnGrant]) -> list[TierOutcome]:
    """Accept, decline or withdraw an invitation, or end what was given by hand; once each.

    Order: what is asked for a second time, and is so already, changes nothing.
    Refuses: `invitation_over`, `not_invited`, `member_erased`, `member_blocked`. Faults: no such
    grant, no name, no reason for ending or withdrawing it.
    """
    asked = askings("turn_grant", batch, lambda _: None)
    await sort_out(tx, asked, TierGiven)
    fresh = [item for item in asked if item.open]
    known = await read.some(tx, [item.command.grant_id for item in fresh])
    for item in fresh:
        if item.command.grant_id not in known:
            says = "there is no such tier given by hand here; check the id for a slip"
            item.outcome = NotFound(says)
        elif item.command.what in ("ended", "withdrawn"):
            item.outcome = unsaid(item.command)
    todo = [item for item in fresh if item.open]
    if todo:
        members = [known[item.command.grant_id].member_id for item in todo]
        states = await hold_members(tx, terms, members)
        work = _batch(tx, terms)
        for item, member_id in zip(todo, members, strict=True):
            _turn(work, item, states[member_id])
        await _write(work, todo)
    return settle_followers(asked)


async def _write(
    work: _Batch, todo: Sequence[Asking[GiveTier]] | Sequence[Asking[TurnGrant]]
) -> None:
    await look_again(work.tx, todo, TierGiven)
    writes = [
        *keep(work.tx, work.answered),
        *write.give(work.tx, work.grants),
        *write.turn(work.tx, work.turns),
        *writes_of(work.tx, work.terms, work.changes),
    ]
    await work.tx.write(writes)


def _wrong(tx: Tx, terms: Terms, command: GiveTier) -> Fault | None:
    return next(_wrongs(tx, terms.at(tx.now), command), None)


def _wrongs(tx: Tx, version: Version, command: GiveTier) -> Iterator[Fault]:
    challenge, until = command.challenge, command.until_at
    if not has_ladder(version):
        yield Invalid("this program has no tiers", field="/tier")
    if until is not None and until <= tx.now:
        yield Invalid("say an end that is still to come", field="/until_at")
    if command.kind == "invited" and (challenge or until):
        says = "an invitation lasts as the ladder says; leave its end and a challenge out"
        yield Invalid(says, field="/until_at" if until else "/challenge")
    if challenge is None:
        return
    if until is not None:
        yield Invalid("a challenge says its own end; leave this out", field="/until_at")
    if not 1 <= challenge.credit <= MOST_CREDIT or not 1 <= challenge.within_days <= MOST_DAYS:
        says = f"ask for some credit within 1 to {MOST_DAYS} days"
        yield Invalid(says, field="/challenge")


def _give(work: _Batch, item: Asking[GiveTier], state: MemberState) -> None:
    command, version, now = item.command, work.version, work.tx.now
    tiering.review(work.changes, state, version, now)
    ladder = giving.ladder_of(version, command.tier)
    view, stands = further.on_ladder(version, state, ladder, now)
    no = giving.refusal(view, stands, command.tier, command.kind, now)
    if no is not None:
        item.outcome = no
        return
    challenge, until = command.challenge, command.until_at
    if challenge is not None:
        until = giving.ends_after(version, now, challenge.within_days)
    waits = command.kind == "invited"
    given = TierGrant(
        grant_id=work.tx.new_id(),
        member_id=state.member_id,
        kind=command.kind,
        tier=command.tier,
        reason=command.reason,
        actor=command.actor,
        given_at=now,
        asks=None if challenge is None else challenge.credit,
        proof=command.proof,
        answer_by=giving.answer_by(view, now) if waits else None,
        until_at=until,
        ladder=ladder,
    )
    work.grants.append(given)
    if waits:
        state.grants = [*state.grants, given]
        giving.tell(work.changes, state, given, "tier.invited")
    else:
        given = further.begin(work.changes, state, version, given, now)
        said = (now, command.actor, command.reason)
        work.turns.append(giving.turn_of(work.changes, given, "begun", said))
        giving.tell(work.changes, state, given, "tier.given")
    _answer(work, item, state, given)


def _turn(work: _Batch, item: Asking[TurnGrant], state: MemberState) -> None:
    command, version, now = item.command, work.version, work.tx.now
    tiering.review(work.changes, state, version, now)
    given = next(one for one in state.grants if one.grant_id == command.grant_id)
    view, stands = further.on_ladder(version, state, given.ladder, now)
    item.outcome = _no_turn((version, view), stands, given, command, now)
    if item.outcome is not None:
        return
    if state_of(given) == _BECOMES[command.what]:  # so already, whoever was first
        _answer(work, item, state, given)
        return
    said = (now, command.actor, command.reason)
    if command.what == "accepted":
        until = until_of(view, stands, local(version.zone, now).day)
        given = replace(given, until_at=until)
        given = further.begin(work.changes, state, version, given, now)
        work.turns.append(giving.turn_of(work.changes, given, "begun", said))
        giving.tell(work.changes, state, given, "tier.given")
    else:
        further.end(work.changes, state, version, given, now)
        given = replace(given, closed_at=now, closed_as=command.what)
        others = [one for one in state.grants if one.grant_id != given.grant_id]
        state.grants = sorted([*others, given], key=lambda one: one.given_at)
        work.turns.append(giving.turn_of(work.changes, given, command.what, said))
        giving.tell(work.changes, state, given, "tier.given_ended")
    _answer(work, item, state, given)


_BECOMES = {
    "accepted": "held", "declined": "declined", "withdrawn": "withdrawn", "ended": "ended",
}  # fmt: skip


Both = tuple[Version, Version]
"""A version, and its view of the ladder something was given on."""


def _no_turn(
    both: Both, state: MemberState, given: TierGrant, command: TurnGrant, now: datetime
) -> Refused | Fault | None:
    return next(_no_turns(both, state, given, command, now), None)


def _no_turns(
    both: Both, state: MemberState, given: TierGrant, command: TurnGrant, now: datetime
) -> Iterator[Refused | Fault]:
    (version, view), stands = both, state_of(given)
    if not has_ladder(version):
        yield Invalid("this program has no tiers", field="/tier")
    if stands == _BECOMES[command.what]:
        return
    if command.what == "ended" and given.begun_at is None:
        yield Refused("not_invited", "this invitation was never accepted; withdraw it instead")
    if command.what == "ended":
        return
    if stands != "waiting":
        says = "this is no invitation that waits for an answer"
        yield Refused("not_invited", says, {"state": stands})
    if not given.waits(now):
        facts = {} if given.answer_by is None else {"answer_by": given.answer_by.isoformat()}
        yield Refused("invitation_over", "the time to answer this invitation is over", facts)
    no = giving.refusal(view, state, given.tier, "granted", now)
    if command.what == "accepted" and no is not None:
        yield no


def state_of(given: TierGrant) -> str:
    """Where what was given by hand stands, in a word; one whose time is over was held."""
    if given.closed_as is not None:
        return given.closed_as
    return "waiting" if given.begun_at is None else "held"


def _answer(
    work: _Batch, item: Asking[GiveTier] | Asking[TurnGrant], state: MemberState, given: TierGrant
) -> None:
    item.outcome = TierGiven(
        grant_id=given.grant_id,
        member_id=given.member_id,
        kind=given.kind,
        tier=given.tier,
        state=state_of(given),
        until_at=given.until_at,
        answer_by=given.answer_by,
        stands=further.on_ladder(work.version, state, given.ladder, work.tx.now)[1].tier,
    )
    work.answered += kept(item, given.member_id, given.grant_id)
