"""Members use what is included: each use once, taken back if need be, granted by hand too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx, Write
from regulars.engine.deciding import tiering
from regulars.engine.deciding.benefit import ACTOR, Asker, May, Occasion, may, undo, use
from regulars.engine.rewarding.correcting import Why
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
from regulars.flows.batch.named import find_named
from regulars.flows.membership.commands import BenefitOutcome, BenefitUsed, UndoUse, UseBenefit
from regulars.flows.membership.plans.paid import load_plans
from regulars.flows.points.choosing.load import load_choices
from regulars.records.benefits import read, write
from regulars.records.benefits.types import Grant, Use
from regulars.records.ledger import read as ledger
from regulars.records.members.types import erased_refused, nobody
from regulars.records.once.write import Kept, keep

MOST_DETAILS = 16


class Batch(Struct):
    """A batch of uses while it is decided."""

    tx: Tx
    terms: Terms
    states: dict[UUID, MemberState]
    granted: dict[UUID, list[Grant]]
    changes: Changes
    used: list[Use] = []
    undone: list[Use] = []
    kept: list[Kept] = []

    def writes(self) -> list[Write]:
        """Everything that was decided."""
        return [
            *keep(self.tx, self.kept),
            *write.use(self.tx, self.used),
            *write.undo(self.tx, self.undone),
            *writes_of(self.tx, self.terms, self.changes),
        ]

    def spend(self, used: Use, by: int) -> None:
        """Count a use on what was granted, for those that are decided after it."""
        mine = self.granted.get(self.states[used.member_id].member_id, [])
        for place, one in enumerate(mine):
            if one.grant_id == used.grant_id:
                mine[place] = replace(one, used=one.used + by)


async def use_benefits(tx: Tx, terms: Terms, batch: Sequence[UseBenefit]) -> list[BenefitOutcome]:
    """Use each benefit once, in the order given.

    Refuses: see `engine.deciding.benefit.Refusal`. Faults: unknown member, a detail that the
    benefit needs and nobody told.
    """
    asked = askings("use_benefit", batch, lambda _: None)
    await sort_out(tx, asked, BenefitUsed)
    fresh = [item for item in asked if item.open]
    version = terms.at(tx.now)
    for item in fresh:
        item.outcome = _untold(version, item.command)
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    todo = [item for item in fresh if item.open]
    if todo:
        decided = await _begin(tx, terms, found.values())
        for item in todo:
            _use_one(decided, item, decided.states[found[item.place]])
        await _end(decided, todo)
    return settle_followers(asked)


async def undo_uses(tx: Tx, terms: Terms, batch: Sequence[UndoUse]) -> list[BenefitOutcome]:
    """Take each use back once; taken back again, nothing changes.

    Refuses: `member_erased`. Faults: an unknown use.
    """
    asked = askings("undo_use", batch, lambda _: None)
    await sort_out(tx, asked, BenefitUsed)
    fresh = [item for item in asked if item.open]
    owners = await read.whose(tx, [item.command.use_id for item in fresh])
    for item in fresh:
        if item.command.use_id not in owners:
            item.outcome = NotFound("there is no such use here", field="/id")
    todo = [item for item in fresh if item.open]
    if todo:
        decided = await _begin(tx, terms, owners.values())
        uses = await read.some(tx, sorted(owners))
        used = [(one.included.entry_id, one.member_id) for one in uses.values()]
        lapsed = await ledger.lapsed(tx, {gave: who for gave, who in used if gave})
        for item in todo:
            _undo_one(decided, item, uses, lapsed)
        await _end(decided, todo)
    return settle_followers(asked)


async def show_benefits(
    tx: Tx, terms: Terms, member_id: UUID, occasions: Sequence[Occasion]
) -> list[tuple[Occasion, May]]:
    """May this member use these? Nothing is locked and nothing written.

    Faults: UnknownMember.
    """
    states = await hold_members(tx, terms, [member_id], lock=False)
    if member_id not in states:
        raise nobody()
    state = states[member_id]
    granted = (await read.grants(tx, [state.member_id])).get(state.member_id, [])
    await load_plans(tx, terms, [state])
    await load_choices(tx, terms, [state])
    found = []
    for occasion in sorted(occasions, key=lambda one: one.now):
        version = terms.at(occasion.now)
        tiering.review(Changes(tx.new_id), state, version, occasion.now)
        found.append((occasion, may(version, state, occasion, granted)))
    return found


async def _begin(tx: Tx, terms: Terms, member_ids: Iterable[UUID]) -> Batch:
    """Lock these members, and read what was granted to them by hand."""
    wanted = set(member_ids)
    points = any(one.gives for version in terms.versions for one in version.program.benefits)
    states = await hold_members(tx, terms, wanted, with_lots=wanted if points else ())
    granted = await read.grants(tx, sorted({one.member_id for one in states.values()}))
    await load_plans(tx, terms, states.values())
    await load_choices(tx, terms, states.values())
    return Batch(tx, terms, states, granted, Changes(tx.new_id))


async def _end(batch: Batch, todo: Sequence[Asking[Any]]) -> None:
    """Answer what was done meanwhile, and keep what was decided."""
    await look_again(batch.tx, todo, BenefitUsed)
    await batch.tx.write(batch.writes())


def _untold(version: Version, command: UseBenefit) -> Fault | None:
    benefit = version.benefits.get(command.benefit)
    if len(command.details) > MOST_DETAILS:
        return Invalid(f"tell at most {MOST_DETAILS} details", field="/details")
    for name in () if benefit is None else benefit.needs:
        if not command.details.get(name, "").strip():
            return Invalid(f"this benefit needs {name}; tell it", field=f"/details/{name}")
    return None


def _use_one(batch: Batch, item: Asking[UseBenefit], state: MemberState) -> None:
    command, tx = item.command, batch.tx
    version = batch.terms.at(tx.now)
    occasion = Occasion(
        command.benefit, tx.now, command.store, command.channel, command.sku, command.category
    )
    mine = batch.granted.get(state.member_id, [])
    asker = Asker(tx.new_id(), command.asked.principal, command.details, mine)
    used = use(batch.changes, state, version, occasion, asker)
    if isinstance(used, Refused):
        item.outcome = used
        return
    batch.used.append(used)
    batch.spend(used, 1)
    _answer(batch, item, used, "used")


def _undo_one(
    batch: Batch,
    item: Asking[UndoUse],
    uses: dict[UUID, Use],
    lapsed: Mapping[UUID, Mapping[int, int]],
) -> None:
    used = uses[item.command.use_id]
    state = batch.states[used.member_id]
    if state.state == "erased":
        item.outcome = erased_refused()
        return
    # A tier that ended meanwhile includes nothing: what is left is told of the tier of today.
    tiering.review(batch.changes, state, batch.terms.at(batch.tx.now), batch.tx.now)
    if used.state == "used" and used.use_id not in {one.use_id for one in batch.undone}:
        entry_id, wallet = used.included.entry_id, used.included.wallet
        gone = 0 if entry_id is None else lapsed.get(entry_id, {}).get(wallet, 0)
        why = Why(batch.tx.now, item.command.asked.principal or ACTOR, used.included.name)
        undo(batch.changes, state, used, (batch.terms.numbered(used.version), gone, why))
        batch.undone.append(used)
        batch.spend(used, -1)
    _answer(batch, item, used, "undone")


def _answer(
    batch: Batch, item: Asking[UseBenefit] | Asking[UndoUse], used: Use, stands: str
) -> None:
    state = batch.states[used.member_id]
    occasion = Occasion(used.benefit, batch.tx.now, used.store, used.channel, used.sku)
    granted = batch.granted.get(state.member_id, [])
    left = may(batch.terms.at(batch.tx.now), state, occasion, granted).left
    item.outcome = BenefitUsed(
        use_id=used.use_id,
        member_id=state.member_id,
        benefit=used.benefit,
        state=stands,
        left=left,
        granted=used.grant_id is not None,
    )
    batch.kept += kept(item, state.member_id, used.use_id)
