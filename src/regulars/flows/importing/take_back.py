"""An import is taken back, some members at a time: whoever only it touched is as before it.

Purchases, and visits that drew on what all members share, come back as returns, which are recorded
before, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, NotFound
from regulars.base.tx import Tx
from regulars.engine.moving.take_back import Undoing, forgive, take_back
from regulars.engine.rewarding import milestones
from regulars.engine.state import Changes
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.forgotten import free_numbers
from regulars.flows.batch.load import hold_members
from regulars.flows.commands import RecordActivity
from regulars.records.activity import read as activities
from regulars.records.activity.types import SaleRef
from regulars.records.imports import read as imports
from regulars.records.imports.undoing import read, write
from regulars.records.imports.undoing.types import Picked
from regulars.records.members.unions.write import lock_households
from regulars.records.members.write import lock_identifiers
from regulars.records.seal.write import erase_salts
from regulars.records.standing import read as standing
from regulars.records.trail import read as trails
from regulars.records.trail.types import pack


class NoSuchImport(NotFound):
    """There is no import with this id in this program."""

    code = "unknown_import"


class NotLinked(Fault):
    """All or some of it was brought over before imports kept whom they made."""

    code = "import_not_linked"
    category = "conflict"


class Goes(NamedTuple):
    """Members from whom it can be taken now, under lock: the import's own, and others."""

    made: tuple[UUID, ...]
    others: tuple[UUID, ...]
    kept: int

    @property
    def all(self) -> int:
        """How many were looked at."""
        return len(self.made) + len(self.others) + self.kept


async def begin_to_take_back(tx: Tx, import_id: UUID, actor: str) -> bool:
    """An import goes on no further, and everybody it touched is listed; whether it was new.

    Order: asked again it changes nothing. From now on until the end nothing is brought over.
    Faults: `unknown_import`, `import_not_linked`.
    """
    await check(tx, import_id)
    return await write.begin(tx, import_id, actor)


async def check(tx: Tx, import_id: UUID) -> None:
    """Can this import be taken back at all? Faults: `unknown_import`, `import_not_linked`."""
    if await imports.by_id(tx, import_id) is None:
        raise NoSuchImport("there is no such import; look at the list again")
    if not await read.linked(tx, import_id):
        raise NotLinked(
            "it came, or began to come, before imports kept whom they made; restore the backup of "
            "before, or mend single members by hand"
        )


async def pick(tx: Tx, import_id: UUID, most: int, refused: Mapping[UUID, str]) -> Goes:
    """Hold the next who wait, and keep whoever is not as the import left them, with the reason.

    Order: names, then households, then members in the order of ids: as everywhere. What is seen
    is seen under the locks. `refused` are those of whom a return was refused just now.
    """
    await lock_identifiers(tx)
    await lock_households(tx)
    ids = await read.waiting(tx, import_id, most)
    await standing.lock(tx, ids)
    picked = [_with(one, refused) for one in await read.some(tx, import_id, most)]
    kept = {one.member_id: one.reason for one in picked if one.reason}
    await tx.write(write.settle(tx, import_id, kept))
    fit = [one for one in picked if not one.reason]
    return Goes(
        tuple(one.member_id for one in fit if one.made),
        tuple(one.member_id for one in fit if not one.made),
        len(kept),
    )


def _with(one: Picked, refused: Mapping[UUID, str]) -> Picked:
    return one._replace(reason=one.reason or refused.get(one.member_id, ""))


async def returns_of(tx: Tx, terms: Terms, goes: Goes) -> list[tuple[UUID, RecordActivity]]:
    """What takes an import back: a return of all that is left of each purchase, and of whatever
    else drew on what all members share.

    Keeps: other visits stay as they are; what they gave goes with the points of their member.
    """
    return [
        (one.member_id, RecordActivity("return", sale=SaleRef(id=one.activity_id)))
        for one in await read.done(tx, goes.made, come_back(terms))
    ]


def come_back(terms: Terms) -> list[str]:
    """The kinds of activities that come back one by one as an import is taken back."""
    shares = {kind for version in terms.versions for kind in _sharing(terms, version)}
    return sorted({"purchase", *shares})


def _sharing(terms: Terms, version: Version) -> Iterator[str]:
    """The kinds of activities that may draw on budgets of all members, or on limits of all."""
    compiled = version.compiled
    places = {name: place for place, name in enumerate(version.program.wallets)}
    of_all = {one.wallet for one in compiled.budgets if one.shared}
    for rule in version.program.rules:
        limits = (compiled.limits[place] for place in compiled.limits_on.get(rule.on, ()))
        if places.get(rule.wallet) in of_all or any(one.shared for one in limits):
            yield rule.on
    for kind in {stone.counts.on for stone in version.stones}:
        if any(milestones.keys_on(terms, kind, 1)):
            yield kind


async def take_members_back(tx: Tx, terms: Terms, import_id: UUID, goes: Goes) -> None:
    """Points go the way they came, and members whom the import made are nobody again.

    Assumes: they are held, and what they bought came back in this transaction.
    Keeps: every entry; what stays of such a member is a pseudonym, as after an erasure, but on no
    list: nobody asked to be forgotten, and a mended file may bring them again.
    """
    await _points(tx, terms, import_id, goes)
    salts = erase_salts(tx, goes.made)
    numbers = await free_numbers(tx, len(goes.made)) if goes.made else []
    fresh = dict(zip(goes.made, numbers, strict=True))
    await write.nobody_again(tx, import_id, fresh, await _blank(tx, goes.made))
    became = dict.fromkeys((*goes.made, *goes.others), "")
    await tx.write([*salts, *write.settle(tx, import_id, became)])


async def _points(tx: Tx, terms: Terms, import_id: UUID, goes: Goes) -> None:
    ids = (*goes.made, *goes.others)
    opened = await read.opened(tx, import_id, ids)
    states = await hold_members(tx, terms, ids, with_lots=ids)
    changes = Changes(tx.new_id, now=tx.now, history=import_id)
    undoing = Undoing(import_id, tx.now, opened)
    for member_id in ids:
        state, own = states[member_id], member_id in goes.made
        lots = [lot for lot in state.lots.values() if own or lot.entry_id in opened]
        take_back(changes, state, undoing, lots)
        if own:
            forgive(changes, state, undoing)
    await tx.write(writes_of(tx, terms, changes))


async def _blank(tx: Tx, members: Sequence[UUID]) -> dict[UUID, bytes]:
    """Trails that froze what was known of these members, without it."""
    found: dict[UUID, bytes] = {}
    for member_id, ids in (await activities.of_members(tx, list(members))).items():
        for trail in await trails.some(tx, member_id, ids):
            if trail.steps.member:
                found[trail.activity_id] = pack(replace(trail.steps, member={}))
    return found


async def end_taking_back(tx: Tx, import_id: UUID) -> None:
    """All was looked at: receipts of what was taken back move aside; done once."""
    undo = await read.undo_of(tx, import_id)
    if undo is not None and undo.done_at is None:
        await write.end(tx, import_id)
