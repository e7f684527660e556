"""What the returns of a batch name, from the books or from earlier in the batch: mostly purchases.

A visit, a flight or whatever else was told by mistake is found, and comes back, just as a sale of
one piece: where this says *sale*, it means these, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import MembersMoved
from regulars.base.tx import Tx
from regulars.engine.returning.sale import Sale, pieces_back
from regulars.engine.returning.told_anew import in_lines_as_booked
from regulars.engine.returning.told_otherwise import Article, in_its_lines
from regulars.engine.rewarding.referring import ACTOR as REFERRALS
from regulars.flows.batch.askings import Asking
from regulars.flows.commands import RecordActivity
from regulars.flows.recording.before.other_lines import is_told_by, other_lines
from regulars.records.activity import read as activities
from regulars.records.activity.types import FRIEND_STAYED, NOBODY, Activity
from regulars.records.ledger import read as ledger
from regulars.records.once.read import known as kept_for
from regulars.records.once.types import Known, key_of, natural_key
from regulars.records.rewards.partners import read as partners
from regulars.records.trail import read as trails
from regulars.records.trail.types import Steps, Trail

LATE: Final = "late-credit"
"""Where a purchase is from that became a member's afterwards; its external id is the sale's."""


class Sales(Struct):
    """What comes back by id and by key; `owners` says whose each of it is before it is loaded."""

    owners: dict[UUID, UUID] = {}
    receipts: dict[UUID, UUID] = {}
    sales: dict[UUID, Sale] = {}
    credited: dict[UUID, UUID] = {}
    """Sales to nobody that became a member's since: the sale that stands in their place."""
    taken_back: set[UUID] = set()
    """What only the program itself takes back, and does or did: friends who stayed, of whom a
    referral says that they did not after all."""
    of_partners: Set[UUID] = frozenset()
    """What a partner told first under a receipt of ours: it comes back by the partner."""
    meets_returns: bool = True
    """Whether a return of this batch, or one that waits, can ask for a sale of this batch."""
    told: Mapping[UUID, tuple[Article, ...]] = {}
    """By the receipt that returns name: the lines they mean, where others were booked."""
    awaited: Set[UUID] = frozenset()
    """The receipts of this batch for which such a return is there."""
    lapsed_of_milestones: Mapping[UUID, Mapping[int, int]] = {}
    """What had lapsed by now of the milestones that these may count for."""

    def members(self) -> set[UUID]:
        """Whose sales are taken back."""
        return set(self.owners.values()) - {NOBODY}

    async def load(self, tx: Tx, *, lock: bool = True) -> None:
        """Read the named sales with their trails; the members must be under lock by now."""
        if not self.owners:
            return
        if lock and NOBODY in self.owners.values():
            await activities.lock_nobody(tx)
        members, ids = sorted(set(self.owners.values())), sorted(self.owners)
        sold = await activities.some(tx, members, ids)
        steps = await trails.of_sales(tx, members, ids)
        lapsed = await ledger.lapsed(tx, self.owners)
        for sale_id, activity in sold.items():
            if self._comes_back(activity) and sale_id in steps:
                self.sales[sale_id] = Sale(
                    activity, _latest(steps[sale_id]), lapsed.get(sale_id, {})
                )
        if missing := [id_ for id_ in ids if id_ not in self.sales]:
            self.of_partners = frozenset(await partners.entries(tx, missing))

    def _comes_back(self, activity: Activity) -> bool:
        """Whether it is something that comes back; a friend only where a referral says so."""
        if activity.kind == FRIEND_STAYED:
            return activity.activity_id in self.taken_back
        return activity.sale_id is None

    async def still_nobodys(self, tx: Tx) -> None:
        """See that no sale to nobody became a member's while we waited for the lock on those.

        Order: its member would have to be held before that lock, so the batch begins anew.
        Faults: MembersMoved.
        """
        nobodys = [id_ for id_, owner in self.owners.items() if owner == NOBODY]
        unknown = [late_key(id_) for id_ in nobodys if id_ not in self.credited]
        if await kept_for(tx, unknown):
            raise MembersMoved

    def add(self, sale: Sale) -> None:
        """What was told in this batch can come back in this batch."""
        if not self.meets_returns:
            return
        sold = sale.activity
        sale.lapsed_of_milestones = self.lapsed_of_milestones
        self.sales[sold.activity_id] = sale
        if sold.external_id:
            key = natural_key(sold.source, sold.external_id, sold.kind)
            self.receipts[key] = sold.activity_id

    def stands_for(self, sale_id: UUID) -> UUID:
        """The sale that stands in place of one to nobody; else the sale itself."""
        return self.credited.get(sale_id, sale_id)

    def by_id(self, sale_id: UUID) -> Sale:
        return self.sales[sale_id]

    def is_partners(self, command: RecordActivity) -> bool:
        """Whether a partner told the sale that a return names by its receipt."""
        named = command.sale
        if named is None or named.id is not None:
            return False
        return self.receipts.get(key_of(named)) in self.of_partners

    def stays(self, command: RecordActivity) -> bool:
        """Whether what a return names is there, and nothing that comes back: a return, a friend who
        stayed, or what was told of nobody before such decisions were kept."""
        named = command.sale
        if named is None or self.find(command) is not None or self.is_partners(command):
            return False
        sale_id = named.id or self.receipts.get(key_of(named))
        return sale_id in self.owners

    def find(self, command: RecordActivity) -> Sale | None:
        """The sale a return names, or nothing when it is not here (yet)."""
        named = command.sale
        assert named is not None, command
        sale_id = named.id
        if sale_id is None:
            sale_id = self.receipts.get(key_of(named))
        if sale_id is not None and command.source != LATE:
            sale_id = self.credited.get(sale_id, sale_id)
        return self.sales.get(sale_id) if sale_id is not None else None

    def in_its_lines(self, sale: Sale, command: RecordActivity) -> RecordActivity:
        """The return, of the lines that were booked. Faults: as `in_its_lines` of the engine, or of
        what its own source tells otherwise by now as `in_lines_as_booked`."""
        named, body = command.sale, command.body
        if named is None or not body.returned or not named.external_id:
            return command
        told = self.told.get(key_of(named))
        if told is None:
            return command
        first = self.sales.get(self.receipts.get(key_of(named), sale.activity.activity_id), sale)
        is_own = is_told_by(first.activity, named.source, named.external_id)
        back = (in_lines_as_booked if is_own else in_its_lines)(sale, told, body.returned)
        return replace(command, body=replace(body, returned=back))

    def take_pieces(self, sale: Sale, activity: Activity) -> Trail:
        """A return of a sale to nobody: only the pieces are counted."""
        sale.steps = replace(sale.steps, returned=pieces_back(sale, activity))
        return Trail(activity.activity_id, NOBODY, sale.activity.activity_id, sale.steps)


def _latest(trails_of_sale: Sequence[Trail]) -> Steps:
    """How a sale stands after all its returns.

    Keeps: each return adds pieces, so the one with the most is the last, whatever the clock
    showed; a return that waited for its sale has an older id and the same instant.
    """
    return max((trail.steps for trail in trails_of_sale), key=_so_far)


def _so_far(steps: Steps) -> tuple[int, int]:
    return sum(steps.returned), steps.times


async def find_sales(
    tx: Tx, fresh: Sequence[Asking[RecordActivity]], known: Mapping[UUID, Known]
) -> Sales:
    """What the returns of this batch name, of whatever kind, and whose it is."""
    sales = Sales()
    by_id = []
    for item in fresh:
        named = item.command.sale
        if named is None:
            continue
        if named.id is not None:
            by_id.append(named.id)
            if item.command.asked.principal == REFERRALS:
                sales.taken_back.add(named.id)
            continue
        key = key_of(named)
        if key in known:
            sales.owners[known[key].subject_id] = known[key].member_id
            sales.receipts[key] = known[key].subject_id
    sales.owners |= await activities.whose(tx, by_id)
    if sales.receipts:
        sales.told = await other_lines(tx, [item.command for item in fresh])
    await follow(tx, sales)
    return sales


async def follow(tx: Tx, sales: Sales) -> None:
    """What was a sale to nobody and became a member's is returned as theirs."""
    nobodys = [id_ for id_, owner in sales.owners.items() if owner == NOBODY]
    late = await kept_for(tx, [late_key(id_) for id_ in nobodys])
    for id_ in nobodys:
        found = late.get(late_key(id_))
        if found is not None:
            sales.credited[id_] = found.subject_id
            sales.owners[found.subject_id] = found.member_id


def late_key(sale_id: UUID) -> UUID:
    """Under which key a sale to nobody became a member's."""
    return natural_key(LATE, sale_id.hex, "purchase")
