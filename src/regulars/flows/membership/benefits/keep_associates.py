"""Somebody of the shop says who looks after a member, or passes on all whom somebody had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.rewarding.including.associates import (
    can_look_after,
    fewest,
    no_right,
    with_associates,
)
from regulars.engine.rewarding.including.beginning import review
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.load import hold_members
from regulars.flows.membership.benefits.batch import tell
from regulars.flows.membership.benefits.commands import (
    AssignAssociate,
    AssociateKept,
    AssociateOutcome,
    EndAssociate,
    PassedOn,
    PassMembersOn,
    PassOutcome,
)
from regulars.flows.membership.benefits.looking_after import Giving, load
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By, Staff
from regulars.records.access.staff.write import Done, acted
from regulars.records.benefits.associates import read, write
from regulars.records.benefits.associates.types import Associate
from regulars.records.benefits.types import Grant
from regulars.records.members import read as members
from regulars.records.members.types import erased_refused

MOST: Final = 500
"""Members passed on at once; whoever asks again goes on."""
_ROLE: Final = "your role does not do this; ask an owner"
Command = AssignAssociate | EndAssociate


async def keep_associates(tx: Tx, terms: Terms, batch: Sequence[Command]) -> list[AssociateOutcome]:
    """Each of these members has the associate that was said, or none.

    Order: as sent; the last word counts, and the same said again changes nothing.
    Refuses: `unknown_benefit`, `member_erased`, and as `benefit.not_entitled` of who does not have
    the benefit. Faults, each for its own item: `forbidden`, unknown member, a benefit without an
    associate, somebody who cannot look after them.
    """
    country = terms.versions[-1].program.country
    found = await members.whom(tx, country, [one.member for one in batch], field="/member")
    outcomes: list[AssociateOutcome | None] = [
        one if isinstance(one, Fault) else await _forbidden(tx, command.by)
        for one, command in zip(found, batch, strict=True)
    ]
    whom = {place: one for place, one in enumerate(found) if isinstance(one, UUID)}
    states = await hold_members(tx, terms, whom.values())
    granted = await tell(tx, terms, states)
    changes, done = Changes(tx.new_id), list[Done]()
    for state in {state.member_id: state for state in states.values()}.values():
        review(changes, state, terms.at(tx.now), tx.now)
    giving = await load(tx, changes, [state.member_id for state in states.values()])
    for place, command in enumerate(batch):
        if outcomes[place] is None:
            state = states[whom[place]]
            outcomes[place] = _one(terms, giving, (state, granted), command, done)
    await tx.write(write.end(tx, giving.ended))
    await tx.write([*giving.writes(), *acted(tx, done), *writes_of(tx, terms, changes)])
    return [one for one in outcomes if one is not None]


def _one(
    terms: Terms,
    giving: Giving,
    who: tuple[MemberState, Mapping[UUID, Sequence[Grant]]],
    command: Command,
    done: list[Done],
) -> AssociateOutcome:
    state, granted = who
    if state.state == "erased":
        return erased_refused()
    if isinstance(command, EndAssociate):
        return _end(giving, state, command, done)
    no = _may_have(terms, giving, state, granted.get(state.member_id, ()), command.benefit)
    chosen = no or _chosen(giving, state, command)
    if isinstance(chosen, Refused | Fault):
        return chosen
    there = giving.lasting(state.member_id, command.benefit)
    kept = AssociateKept(state.member_id, command.benefit, chosen.staff_id)
    if there and {one.staff_id for one in there} == {chosen.staff_id}:
        return AssociateKept(kept.member_id, kept.benefit, kept.staff_id, changed=False)
    _change(giving, state, (command.benefit, chosen, command.by, command.staff_id is not None))
    done.append(_did("associate.assigned", command, state, chosen))
    return kept


def _may_have(
    terms: Terms, giving: Giving, state: MemberState, granted: Sequence[Grant], benefit: str
) -> Refused | Fault | None:
    version, now = terms.at(giving.tx.now), giving.tx.now
    no = no_right(version, state, benefit, granted, now)
    # Within its grace somebody else may take over what is over soon.
    if no is not None and (
        no.code == "unknown_benefit" or not giving.lasting(state.member_id, benefit)
    ):
        return no
    if benefit not in {one.id for one in with_associates(version)}:
        return Invalid("nobody comes with this benefit", field="/benefit")
    return None


def _end(
    giving: Giving, state: MemberState, command: EndAssociate, done: list[Done]
) -> AssociateOutcome:
    there = giving.lasting(state.member_id, command.benefit)
    if not there:
        return AssociateKept(state.member_id, command.benefit, changed=False)
    giving.end(state, there, "by_hand", command.by.actor)
    for one in there:
        giving.tell(state, one, "associate.ended", {"staff_id": one.staff_id, "why": "by_hand"})
    done.append(_did("associate.ended", command, state, giving.staff.get(there[0].staff_id)))
    return AssociateKept(state.member_id, command.benefit)


def _change(giving: Giving, state: MemberState, to: tuple[str, Staff, By, bool]) -> None:
    """Another one looks after a member; who did so far does no more."""
    benefit, chosen, by, by_hand = to
    there = giving.lasting(state.member_id, benefit)
    giving.end(state, there, "changed", by.actor)
    for one in there:
        giving.tell(state, one, "associate.ended", {"staff_id": one.staff_id, "why": "changed"})
    # Of what is over already the rest of its grace is passed on, and no new one begins.
    until = None if any(one.ended_at is None for one in there) else _last_end(there)
    giving.begin(state, benefit, chosen, ("by_hand" if by_hand else "fewest", by.actor), until)


def _last_end(there: Sequence[Associate]) -> datetime | None:
    return max((one.ended_at for one in there if one.ended_at is not None), default=None)


def _chosen(giving: Giving, state: MemberState, command: AssignAssociate) -> Staff | Fault:
    if command.staff_id is None:
        store = giving.stores.get(state.member_id, "")
        chosen = fewest(giving.staff.values(), giving.has, state.member_id, store)
        return chosen or Invalid("nobody works here who could", field="/staff_id")
    there = giving.staff.get(command.staff_id)
    if there is None or not can_look_after(there, [state.member_id]):
        mend = "name somebody who works here and serves at the till, and not the member"
        return Invalid("they cannot look after this member", field="/staff_id", mend=mend)
    return there


async def pass_members_on(
    tx: Tx, terms: Terms, batch: Sequence[PassMembersOn]
) -> list[PassOutcome]:
    """Whoever somebody looked after is looked after by another from now on, so many at once.

    Order: by the members' ids, so that two who ask share the work and nobody is passed on twice.
    Faults, each for its own item: `forbidden`, nobody of the shop by this id, somebody who cannot
    look after them.
    """
    return [await _pass_on(tx, terms, one) for one in batch]


async def _pass_on(tx: Tx, terms: Terms, command: PassMembersOn) -> PassOutcome:
    forbidden = await _forbidden(tx, command.by)
    if forbidden is not None:
        return forbidden
    listed = await read.members_of(tx, command.staff_id, MOST)
    states = await hold_members(tx, terms, listed)
    giving = await load(tx, Changes(tx.new_id), [one.member_id for one in states.values()])
    if command.staff_id not in giving.staff:
        return NotFound("nobody of this shop has this id", field="/id")
    to = giving.staff.get(command.to_id) if command.to_id else None
    if command.to_id == command.staff_id or (command.to_id and not (to and can_look_after(to))):
        mend = "name somebody else who works here and serves at the till"
        return Invalid("they cannot look after members", field="/to_id", mend=mend)
    passed = sum(_pass_one(giving, states[one], command, to) for one in listed)
    others = len(await read.members_of(tx, command.staff_id, 100_000)) - passed
    did = [Done(command.by, "associate.passed_on", "staff", command.staff_id.hex,
                after={"members": passed})] if passed else []  # fmt: skip
    await tx.write(write.end(tx, giving.ended))
    writes = [*giving.writes(), *acted(tx, did), *writes_of(tx, terms, giving.changes)]
    await tx.write(writes)
    return PassedOn(passed, others)


def _pass_one(giving: Giving, state: MemberState, command: PassMembersOn, to: Staff | None) -> bool:
    now = giving.tx.now
    mine = [
        one
        for one in giving.known.get(state.member_id, [])
        if one.staff_id == command.staff_id and one.lasts(now)
    ]
    store = giving.stores.get(state.member_id, "")
    others = [one for one in giving.staff.values() if one.staff_id != command.staff_id]
    for benefit in sorted({one.benefit for one in mine}):
        chosen = to or fewest(others, giving.has, state.member_id, store)
        if chosen is None or not can_look_after(chosen, [state.member_id]):
            return False
        _change(giving, state, (benefit, chosen, command.by, to is not None))
    return bool(mine)


def _did(did: str, command: Command, state: MemberState, who: Staff | None) -> Done:
    after = {} if who is None else {"associate": who.name}
    return Done(command.by, did, "member", state.member_id.hex, after=after)


async def _forbidden(tx: Tx, by: By) -> Fault | None:
    if by.staff_id is None:
        return None
    who = await staff_read.one_staff(tx, by.staff_id)
    may = who is not None and who.may(Permission.BENEFITS_WRITE)
    return None if may else Forbidden(_ROLE)
