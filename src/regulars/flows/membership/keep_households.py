"""Households: who shares a pool with whom. Points stay with their members throughout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.named import find_named
from regulars.flows.membership.commands import (
    Belonging,
    EnterHousehold,
    FoundHousehold,
    HouseholdOutcome,
    LeaveHousehold,
)
from regulars.records.members.types import MemberRef, blocked_refused, erased_refused
from regulars.records.members.unions import read, write
from regulars.records.members.unions.types import Household, Place, Role
from regulars.records.once.write import keep
from regulars.records.program.types import Household as Said


async def found_households(
    tx: Tx, terms: Terms, batch: Sequence[FoundHousehold]
) -> list[HouseholdOutcome]:
    """Each of these households begins with its head, once.

    Refuses: `no_households`, `member_blocked`, `not_registered`, `in_household`.
    Faults: unknown member.
    """
    return await _each(tx, terms, ("found_household", batch), lambda one: one.head)


async def enter_households(
    tx: Tx, terms: Terms, batch: Sequence[EnterHousehold]
) -> list[HouseholdOutcome]:
    """Each of these members joins a household or takes another role in it, once.

    Who becomes the head takes the place of the head before, who stays as a member.
    Refuses: as for founding one, `household_full`, `head_stays`. Faults: unknown member or
    household.
    """
    return await _each(tx, terms, ("enter_household", batch), lambda one: one.member)


async def leave_households(
    tx: Tx, terms: Terms, batch: Sequence[LeaveHousehold]
) -> list[HouseholdOutcome]:
    """Each of these members leaves a household, with everything that is theirs, once.

    Refuses: `head_stays` while others belong to it. Faults: unknown member or household, or a
    member who does not belong to it.
    """
    return await _each(tx, terms, ("leave_household", batch), lambda one: one.member)


async def _each(
    tx: Tx,
    terms: Terms,
    asking: tuple[str, Sequence[Any]],
    of: Callable[[Any], MemberRef],
) -> list[HouseholdOutcome]:
    operation, batch = asking
    asked = askings(operation, batch, lambda _: None)
    await write.lock_households(tx)
    await sort_out(tx, asked, Belonging)
    fresh = [item for item in asked if item.open]
    field = "/head" if operation == "found_household" else "/member"
    found = await find_named(tx, terms, fresh, of, field)
    states = await hold_members(tx, terms, found.values()) if found else {}
    # One after the other: each sees who belongs where after the one before.
    for item in [item for item in fresh if item.open]:
        await _one(tx, terms, item, states[found[item.place]])
    return settle_followers(asked)


async def _one(tx: Tx, terms: Terms, item: Asking[Any], state: MemberState) -> None:
    command = item.command
    places = await read.places(tx, [state.member_id])
    place = places.get(state.member_id)
    said = terms.at(tx.now).program.household
    if isinstance(command, FoundHousehold):
        no = _barred(said, state) or _elsewhere(place, None)
        if no is not None:
            item.outcome = no
            return
        household_id = tx.new_id()
        await tx.write(write.found(tx, {household_id: command.name}, command.actor))
        await _keep(
            tx, terms, item, (state, household_id), ([], [_place(tx, household_id, state, "head")])
        )
        return
    household = (await read.households(tx, [command.household_id])).get(command.household_id)
    # Whoever was left last is erased, or left: there is nobody to answer for who comes.
    if household is None or not household.places:
        item.outcome = NotFound("there is no such household here", field="/household_id")
    elif isinstance(command, EnterHousehold):
        await _enter(tx, terms, item, (state, place, household))
    else:
        await _leave(tx, terms, item, (state, place, household))


async def _enter(
    tx: Tx, terms: Terms, item: Asking[Any], found: tuple[MemberState, Place | None, Household]
) -> None:
    state, place, household = found
    command: EnterHousehold = item.command
    said = terms.at(tx.now).program.household
    no = _barred(said, state) or _elsewhere(place, household.household_id)
    if no is None and place is None and said is not None:
        no = _full(said, household)
    if no is None and place is not None and place.role == "head" and command.role != "head":
        no = Refused("head_stays", "make somebody else the head first")
    if no is None and said is not None:
        no = _ill_limited(terms.at(tx.now), said, command)
    if no is not None:
        item.outcome = no
        return
    ends, begins = _swap(tx, household, state, place, command)
    await _keep(tx, terms, item, (state, household.household_id), (ends, begins))


def _swap(
    tx: Tx, household: Household, state: MemberState, place: Place | None, command: EnterHousehold
) -> tuple[list[Place], list[Place]]:
    """Which places end and which begin."""
    id_, role, limits = household.household_id, command.role, command.limits
    if place is not None and (place.role, place.limits) == (role, limits):
        return [], []
    ends = [place] if place is not None else []
    begins = [_place(tx, id_, state, role)._replace(limits=limits)]
    if role == "head":
        before = [each for each in household.places if each.role == "head"]
        ends += before
        begins += [each._replace(place_id=tx.new_id(), role="member", limits={}) for each in before]
    return ends, begins


async def _leave(
    tx: Tx, terms: Terms, item: Asking[Any], found: tuple[MemberState, Place | None, Household]
) -> None:
    state, place, household = found
    if place is None or place.household_id != household.household_id:
        says = "this member does not belong to this household"
        item.outcome = NotFound(says, field="/member")
    elif place.role == "head" and len(household.places) > 1:
        item.outcome = Refused("head_stays", "make somebody else the head first")
    else:
        await _keep(tx, terms, item, (state, household.household_id), ([place], []))


async def _keep(
    tx: Tx,
    terms: Terms,
    item: Asking[Any],
    who: tuple[MemberState, UUID],
    places: tuple[list[Place], list[Place]],
) -> None:
    state, household_id = who
    ends, begins = places
    await tx.write(write.leave(tx, ends))
    await tx.write(write.enter(tx, begins, item.command.actor or item.command.asked.principal))
    after = (await read.households(tx, [household_id]))[household_id]
    roles = {place.member_id: place.role for place in after.places}
    role = roles.get(state.member_id)
    item.outcome = Belonging(household_id, state.member_id, role, len(after.places))
    changes = Changes(tx.new_id)
    if ends or begins:
        changes.touch(state)
        payload = {"household_id": household_id, "role": role, "members": len(after.places)}
        event = Event(state.member_id, state.version, "household.changed", payload)
        changes.events.append(event)
    once = keep(tx, kept(item, state.member_id, household_id))
    await tx.write([*once, *writes_of(tx, terms, changes)])


def _place(tx: Tx, household_id: UUID, state: MemberState, role: Role) -> Place:
    return Place(tx.new_id(), household_id, state.member_id, role, tx.now)


def _barred(said: Said | None, state: MemberState) -> Refused | Fault | None:
    if said is None:
        return Refused("no_households", "this program has no households")
    if state.state == "erased":
        return erased_refused()
    if state.state == "blocked":
        return blocked_refused()
    if state.state == "unregistered":
        return Refused("not_registered", "a card without a person belongs to no household")
    return None


def _ill_limited(version: Version, said: Said, command: EnterHousehold) -> Fault | None:
    """Limits are a buyer's, of wallets there are, where the program says for which period."""
    if not command.limits:
        return None
    if command.role != "buyer" or said.buyers is None:
        says = "only buyers have limits, where the program has `buyers:`"
        return Invalid(says, field="/limits")
    for wallet, units in command.limits.items():
        if wallet not in version.program.wallets:
            return Invalid(f"there is no wallet {wallet}", field=f"/limits/{wallet}")
        if units < 0:
            return Invalid("a limit is not below nothing", field=f"/limits/{wallet}")
    return None


def _elsewhere(place: Place | None, here: UUID | None) -> Refused | None:
    if place is None or place.household_id == here:
        return None
    return Refused("in_household", "this member belongs to a household; they leave it first")


def _full(said: Said, household: Household) -> Refused | None:
    if len(household.places) < said.most_members:
        return None
    most = said.most_members
    return Refused("household_full", f"at most {most} belong to one household", {"most": most})
