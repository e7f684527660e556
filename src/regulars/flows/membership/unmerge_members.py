"""They were two after all: a merge is undone, as long as nothing was spent together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import convert
from msgspec.structs import replace

from regulars.base.faults import NotFound
from regulars.base.tx import Tx
from regulars.engine.moving.merge import Union
from regulars.engine.moving.unmerge import (
    Apart,
    due,
    masked,
    paid_in_part,
    refusal,
    unmerge,
    without_forgiven,
)
from regulars.engine.rewarding.gaming.prizes import pays
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.batch.load import hold_apart
from regulars.flows.batch.named import available, unsaid
from regulars.flows.membership.commands import Merged, MergeOutcome, UnmergeMember
from regulars.flows.telling.said.uniting import give_back
from regulars.records.benefits import read as benefits
from regulars.records.ledger import read as ledger
from regulars.records.ledger.again.read import forgiven, lives_again
from regulars.records.members import write
from regulars.records.members.types import State
from regulars.records.members.unions import read as unions
from regulars.records.members.unions import write as unions_write
from regulars.records.members.unions.types import Merge
from regulars.records.once.write import keep
from regulars.records.rewards.prizes import write as prizes
from regulars.records.standing.read import active_without
from regulars.records.standing.types import Counts

_COUNTED: Final = ("earning", "redeeming", "purchase", "activity")


async def unmerge_members(
    tx: Tx, terms: Terms, batch: Sequence[UnmergeMember]
) -> list[MergeOutcome]:
    """Each of these merges is undone, once: what came along goes back, exactly.

    Order: as for merging. What came after the merge stays with the one who stays.
    Refuses: see `engine.moving.unmerge.Refusal`. Faults: nobody was merged under this id, no
    reason, no name.
    """
    asked = askings("unmerge", batch, lambda _: None)
    await write.lock_identifiers(tx)
    await unions_write.lock_households(tx)
    await sort_out(tx, asked, Merged)
    fresh = [item for item in asked if item.open]
    for item in fresh:
        item.outcome = unsaid(item.command)
    todo = [item for item in fresh if item.open]
    merges = await unions.merges(tx, [item.command.member_id for item in todo])
    ends = {end for one in merges.values() for end in (one.from_id, one.into_id)}
    await hold_apart(tx, terms, ends)
    for item in todo:
        merge = merges.pop(item.command.member_id, None)
        if merge is None:
            item.outcome = NotFound("nobody was merged under this id", field="/member_id")
        else:
            await _one(tx, terms, item, merge)
    return settle_followers(asked)


async def _one(tx: Tx, terms: Terms, item: Asking[UnmergeMember], merge: Merge) -> None:
    ends = [merge.from_id, merge.into_id]
    states = await hold_apart(tx, terms, ends, with_lots=ends)
    gone, stays = states[merge.from_id], states[merge.into_id]
    takes = await ledger.takes(tx, stays.member_id)
    takes += await unions.returns(tx, merge.brought.family)
    command, changes = item.command, Changes(tx.new_id)
    takes += due(changes, stays, tx.now)
    again = await lives_again(tx, stays.member_id, merge.brought.lots)
    takes += sum(one.paid for one in again)
    merge = await _as_used(tx, terms, merge)
    merge, paid = await _as_forgiven(tx, merge)
    takes += paid
    no = refusal(stays, merge, takes)
    if no is not None:
        item.outcome = no
        await tx.write(writes_of(tx, terms, changes))
        return
    for life in (await ledger.lot_lives(tx, [stays.member_id], merge.brought.lots)).values():
        stays.lots.setdefault(life.lot.lot_id, life.lot)
    union = Union("unmerge", merge.merge_id, tx.now, command.actor, command.reason)
    apart = Apart(
        await _active(tx, terms, gone, stays),
        await unions.below(tx, gone.member_id),
        [one.lot_id for one in again],
    )
    unmerge(changes, (gone, stays), terms.at(tx.now), merge, union, apart)
    state: State = convert(merge.brought.state, State)
    item.outcome = Merged(
        merge.merge_id,
        gone.member_id,
        stays.member_id,
        state,
        available(terms, stays),
    )
    said, both = (command.actor, command.reason), [stays.member_id, gone.member_id]
    await tx.write(unions_write.carry_back(tx, merge))
    await tx.write(
        [
            *keep(tx, kept(item, gone.member_id, merge.merge_id)),
            *unions_write.end_merge(tx, merge, said),
            *write.move_back(tx, stays.member_id, gone.member_id, merge.brought.names),
            *write.keep_states(tx, [(gone.member_id, state)]),
            *writes_of(tx, terms, changes),
            *(prizes.watch(tx, dict.fromkeys(both)) if pays(terms) else ()),
        ]
    )
    await give_back(tx, stays.member_id, await unions.below(tx, stays.member_id))


async def _as_used(tx: Tx, terms: Terms, merge: Merge) -> Merge:
    """The merge with what the one that goes has used of benefits by now: what they had used before
    and gave back since, they have not used."""
    counted = {code for name, code in terms.counters.items() if name.startswith("benefit:")}
    if not any(code in counted for code, _, _ in merge.brought.counters):
        return merge
    whose = [merge.from_id, *await unions.below(tx, merge.from_id)]
    used = await benefits.standing(tx, whose)
    counters = tuple(
        (code, period, min(value, used.get((code, period), 0)) if code in counted else value)
        for code, period, value in merge.brought.counters
    )
    return replace(merge, brought=replace(merge.brought, counters=counters))


async def _as_forgiven(tx: Tx, merge: Merge) -> tuple[Merge, int]:
    """The merge without what was owed and was forgiven them since, all of it at once; in how many
    wallets some of it had been paid before."""
    if not merge.brought.debt:
        return merge, 0
    let_go = await forgiven(tx, merge.merge_id)
    brought = without_forgiven(merge.brought, let_go)
    return replace(merge, brought=brought), paid_in_part(brought, let_go)


async def _active(
    tx: Tx, terms: Terms, gone: MemberState, stays: MemberState
) -> dict[int, datetime]:
    """When the one who stays was last active themselves, where the other one hides it."""
    if not masked(gone, stays):
        return {}
    counts = [
        Counts(version.number, wallet, *(name in rule.resets for name in _COUNTED))
        for version in terms.versions
        for wallet, rule in version.idle.items()
    ]
    return await active_without(tx, stays.member_id, gone.member_id, counts)
