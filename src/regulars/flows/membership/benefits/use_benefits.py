"""Members use what is included: each use once, taken back if need be, granted by hand too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.deciding.benefit import ACTOR, Asker, May, Occasion, may, undo, use
from regulars.engine.rewarding.correcting import Why
from regulars.engine.rewarding.including.appointments import too_late
from regulars.engine.rewarding.including.beginning import review
from regulars.engine.rewarding.including.guests import ALONE, NAMES, Party
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.askings import Asking, askings, settle_followers, sort_out
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.named import find_named
from regulars.flows.membership.benefits.batch import Batch, answer, begin, end, parties, tell
from regulars.flows.membership.commands import BenefitOutcome, BenefitUsed, UndoUse, UseBenefit
from regulars.records.benefits import read
from regulars.records.benefits.read import At, booked
from regulars.records.benefits.types import Use
from regulars.records.ledger import read as ledger
from regulars.records.members.types import erased_refused, nobody

MOST_DETAILS = 16


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
    along = await parties(tx, terms, fresh)
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    todo = [item for item in fresh if item.open]
    if todo:
        decided = await begin(tx, terms, found.values(), _times(todo))
        for item in todo:
            with_ = along.get(item.place, (ALONE, ""))
            _use_one(decided, item, decided.states[found[item.place]], with_)
        await end(decided, todo)
    return settle_followers(asked)


async def undo_uses(tx: Tx, terms: Terms, batch: Sequence[UndoUse]) -> list[BenefitOutcome]:
    """Take each use back once; taken back again, nothing changes.

    Order: an appointment until the time that was promised, later only where the shop says so.
    Refuses: `member_erased`, `too_late_to_cancel`. Faults: an unknown use.
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
        decided = await begin(tx, terms, owners.values())
        uses = await read.some(tx, sorted(owners))
        used = [(one.included.entry_id, one.member_id) for one in uses.values()]
        lapsed = await ledger.lapsed(tx, {gave: who for gave, who in used if gave})
        for item in todo:
            _undo_one(decided, item, uses, lapsed)
        await end(decided, todo)
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
    granted = (await tell(tx, terms, {member_id: state})).get(state.member_id, [])
    found = []
    for occasion in sorted(occasions, key=lambda one: one.now):
        version = terms.at(occasion.now)
        review(Changes(tx.new_id), state, version, occasion.now)
        if occasion.from_at is not None:
            at = (occasion.benefit, occasion.store, occasion.from_at)
            there = occasion._replace(taken=(await booked(tx, [at]))[at])
        else:
            there = occasion
        found.append((occasion, may(version, state, there, granted)))
    return found


def _untold(version: Version, command: UseBenefit) -> Fault | None:
    benefit = version.benefits.get(command.benefit)
    if len(command.details) > MOST_DETAILS:
        return Invalid(f"tell at most {MOST_DETAILS} details", field="/details")
    timed = benefit is not None and benefit.appointments is not None
    if timed and command.from_at is None:
        return Invalid("this is used at a booked time; say which", field="/from_at")
    for name in () if benefit is None else benefit.needs:
        if not command.details.get(name, "").strip():
            return Invalid(f"this benefit needs {name}; tell it", field=f"/details/{name}")
    return None


def _times(todo: Sequence[Asking[UseBenefit]]) -> Iterator[At]:
    for item in todo:
        one = item.command
        if one.from_at is not None:
            yield one.benefit, one.store, one.from_at


def _use_one(
    batch: Batch, item: Asking[UseBenefit], state: MemberState, along: tuple[Party, str]
) -> None:
    command, tx = item.command, batch.tx
    version, (party, names) = batch.terms.at(tx.now), along
    occasion = Occasion(
        command.benefit, tx.now, command.store, command.channel, command.sku, command.category,
        party, command.from_at, batch.there(command.benefit, command.store, command.from_at),
    )  # fmt: skip
    mine = batch.granted.get(state.member_id, [])
    details = command.details | ({NAMES: names} if names else {})
    asker = Asker(tx.new_id(), command.asked.principal, details, mine)
    used = use(batch.changes, state, version, occasion, asker)
    if isinstance(used, Refused):
        item.outcome = used
        return
    batch.used.append(used)
    batch.spend(used, 1)
    answer(batch, item, used, "used")


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
    late = too_late(used.included.booked, batch.tx.now)
    if late is not None and used.state == "used" and not item.command.late:
        item.outcome = late
        return
    # A tier that ended meanwhile includes nothing: what is left is told of the tier of today.
    review(batch.changes, state, batch.terms.at(batch.tx.now), batch.tx.now)
    if used.state == "used" and used.use_id not in {one.use_id for one in batch.undone}:
        entry_id, wallet = used.included.entry_id, used.included.wallet
        gone = 0 if entry_id is None else lapsed.get(entry_id, {}).get(wallet, 0)
        why = Why(batch.tx.now, item.command.asked.principal or ACTOR, used.included.name)
        undo(batch.changes, state, used, (batch.terms.numbered(used.version), gone, why))
        batch.undone.append(used)
        batch.spend(used, -1)
    answer(batch, item, used, "missed" if used.state == "missed" else "undone")
