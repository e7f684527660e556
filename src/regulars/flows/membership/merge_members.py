"""Two records are one person: the one goes, the other stays and has everything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx, Write
from regulars.engine.deciding import booking
from regulars.engine.moving.merge import Union, merge, refusal
from regulars.engine.rewarding.gaming.prizes import pays
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.batch.load import hold_apart
from regulars.flows.batch.named import available, find_named, unsaid
from regulars.flows.batch.overdue import lapse_overdue
from regulars.flows.community.seats.come_along import (
    let_go,
    reserve_anew,
    reserved_for_seats,
)
from regulars.flows.membership.commands import Merged, MergeMembers, MergeOutcome
from regulars.flows.telling.said.uniting import keep_stricter, told_anew, words_of
from regulars.records.access.office import write as office
from regulars.records.access.staff.write import Deed, acted_on
from regulars.records.community.gatherings.read import hold_seats_of
from regulars.records.community.gatherings.write import join_seats
from regulars.records.ledger import read as ledger
from regulars.records.ledger.ends.read import owing_since
from regulars.records.members import read, write
from regulars.records.members.unions import read as unions
from regulars.records.members.unions import write as unions_write
from regulars.records.members.unions.types import Merge
from regulars.records.once.write import keep
from regulars.records.outbox.campaigns.journeys.uniting import write as journeys
from regulars.records.program.changes.offers import write as offers
from regulars.records.rewards.prizes import write as prizes
from regulars.records.rewards.types import Redemption

Who = tuple[MemberState, MemberState]


async def merge_members(tx: Tx, terms: Terms, batch: Sequence[MergeMembers]) -> list[MergeOutcome]:
    """Each pair becomes one, once: names, points, counters and tier come to the one that stays.

    Order: names and households are locked first, then all members in the order of ids; then pair
    by pair, as one may build on the one before.
    Refuses: see `engine.moving.merge.Refusal`. Faults: unknown member, no reason, no name, a sum
    that would be too large.
    Keeps: who was merged already into the same one is answered as done. What is reserved for seats
    is reserved for who stays from then on. A no of either about a channel stands (ADR 0957).
    """
    asked = askings("merge", batch, lambda _: None)
    await write.lock_identifiers(tx)
    await unions_write.lock_households(tx)
    await sort_out(tx, asked, Merged)
    fresh = [item for item in asked if item.open]
    for item in fresh:
        item.outcome = unsaid(item.command)
    await _lock(tx, terms, fresh)
    for item in [item for item in fresh if item.open]:
        await _one(tx, terms, item)
    return settle_followers(asked)


async def _lock(tx: Tx, terms: Terms, fresh: Sequence[Asking[MergeMembers]]) -> None:
    """Hold everybody of the batch at once, so that no two batches wait for each other."""
    gone = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    stays = await find_named(tx, terms, fresh, lambda one: one.into, "/into")
    await hold_apart(tx, terms, {*gone.values(), *stays.values()})
    await hold_seats_of(tx, sorted({*gone.values(), *stays.values()}))


async def _one(tx: Tx, terms: Terms, item: Asking[MergeMembers]) -> None:
    # Anew for each pair: who was merged by the pair before is found as the one who stays.
    gone = (await find_named(tx, terms, [item], lambda one: one.member, "/member"))[item.place]
    stays = (await find_named(tx, terms, [item], lambda one: one.into, "/into"))[item.place]
    if gone == stays:
        await _already(tx, terms, item, stays)
        return
    found = await _look(tx, terms, gone, stays)
    seats: list[Redemption] = []
    if found.no is not None and found.no.code == "holds_open":
        seats = await reserved_for_seats(tx, found.who[0])
    if found.no is not None and not seats:
        item.outcome = found.no
        return
    try:
        for code, balance in found.who[0].balances.items():
            brings = balance.available + balance.held + balance.earned
            booking.check_range(found.who[1], {code: brings})
    except Fault as fault:
        item.outcome = fault
        return
    if seats:
        await let_go(tx, terms, seats)
        found = await _look(tx, terms, gone, stays)
        assert found.no is None, found.no
    await _do(tx, terms, item, found.who, (found.changes, found.lapsed))
    if seats and isinstance(item.outcome, Merged):
        state = await reserve_anew(tx, terms, stays, seats)
        item.outcome = replace(item.outcome, balances=available(terms, state))


class _Looked(NamedTuple):
    """The two, what is due of them, and why they cannot become one."""

    who: Who
    changes: Changes
    lapsed: list[Write]
    no: Refused | None


async def _look(tx: Tx, terms: Terms, gone: UUID, stays: UUID) -> _Looked:
    """Both as they stand now, after what is due; nothing of it is written yet."""
    states = await hold_apart(tx, terms, [gone, stays], with_lots=[gone, stays])
    changes = Changes(tx.new_id)
    lapsed = await lapse_overdue(tx, terms, changes, states)
    no = refusal(states[gone], states[stays], gone in await unions.places(tx, [gone]))
    return _Looked((states[gone], states[stays]), changes, lapsed, no)


async def _already(tx: Tx, terms: Terms, item: Asking[MergeMembers], stays: UUID) -> None:
    """They are one: done before, or the same one was named twice."""
    named = item.command.member.id
    before = await unions.merges(tx, [named]) if named is not None and named != stays else {}
    if named not in before:
        item.outcome = Refused("same_member", "these are one member already")
        return
    states = await hold_apart(tx, terms, [stays])
    done = before[named]
    item.outcome = Merged(
        done.merge_id, done.from_id, stays, "merged", available(terms, states[stays])
    )
    await tx.write(keep(tx, kept(item, stays, done.merge_id)))


async def _do(
    tx: Tx, terms: Terms, item: Asking[MergeMembers], who: Who, begun: tuple[Changes, list[Write]]
) -> None:
    gone, stays = who
    changes, lapsed = begun
    command, merge_id = item.command, tx.new_id()
    union = Union("merge", merge_id, tx.now, command.actor, command.reason)
    family = await unions.family(tx, [gone.member_id, stays.member_id])
    names = (await read.identifiers_of(tx, [gone.member_id]))[gone.member_id]
    known = tuple((name.kind, name.value) for name in names)
    taken = await ledger.takes(tx, stays.member_id) + await unions.returns(tx, family)
    owes = await _owes(tx, gone)
    brought = merge(changes, gone, stays, terms.at(tx.now), union, (known, family, owes))
    words = await words_of(tx, gone.member_id)
    done = Merge(merge_id, gone.member_id, stays.member_id, brought, taken, tx.now)
    balances = available(terms, stays)
    item.outcome = Merged(merge_id, gone.member_id, stays.member_id, "merged", balances)
    into = {"into": stays.member_id.hex}
    await tx.write(unions_write.carry(tx, done))
    await tx.write(told_anew(tx, gone.member_id))
    await tx.write(
        [
            *keep(tx, kept(item, stays.member_id, merge_id)),
            *lapsed,
            *unions_write.keep_merge(tx, done, (command.actor, command.reason)),
            *write.move_identifiers(tx, gone.member_id, stays.member_id),
            *write.keep_states(tx, [(gone.member_id, "merged")]),
            *office.join_tags(tx, gone.member_id, stays.member_id),
            *writes_of(tx, terms, changes),
            *acted_on(tx, [Deed(command.asked.principal, "member.merged", gone.member_id, into)]),
            *(prizes.watch(tx, {stays.member_id: None}) if pays(terms) else ()),
        ]
    )
    # A round of its own: the row of who goes is written above.
    today = tx.now.astimezone(terms.at(tx.now).zone).date()
    await keep_stricter(tx, words, stays.member_id)
    await journeys.unite(tx, gone.member_id, stays.member_id)
    await offers.unite(tx, gone.member_id, stays.member_id, today)
    await join_seats(tx, stays.member_id)


async def _owes(tx: Tx, gone: MemberState) -> dict[int, datetime]:
    """Since when somebody owes what they owe, per wallet: it is forgiven by that."""
    owes: dict[int, datetime] = {}
    for code in sorted(code for code, balance in gone.balances.items() if balance.debt):
        owes[code] = (await owing_since(tx, code, 1, [gone.member_id]))[gone.member_id]
    return owes
