"""A batch of activities while it is decided: what was loaded, and what is to be written."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from msgspec import Struct, field

from regulars.base.tx import Tx, Write
from regulars.engine.checking.telling import Told
from regulars.engine.returning.payments import Spent, redemptions_of
from regulars.engine.returning.sale import Sale
from regulars.engine.rewarding.gaming.prizes import plays, sums_that_pay
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.askings import Asking
from regulars.flows.batch.overdue import Overdue
from regulars.flows.commands import RecordActivity
from regulars.flows.recording.newcomers import Newcomers
from regulars.flows.recording.sales import Sales
from regulars.records.activity import write as activity_write
from regulars.records.activity.naming.read import named
from regulars.records.activity.types import NOBODY, Activity
from regulars.records.once.write import Kept, keep
from regulars.records.program.checks.caution.kinds import KINDS
from regulars.records.program.checks.caution.slips import kinds_told
from regulars.records.rewards import write as rewards
from regulars.records.rewards.codes.write import take_back
from regulars.records.rewards.prizes import write as prizes
from regulars.records.rewards.types import Redemption
from regulars.records.trail import write as trail_write
from regulars.records.trail.types import Trail


class Decided(Struct):
    """A batch while it is decided: what was loaded, and what is to be written."""

    tx: Tx
    terms: Terms
    states: dict[UUID, MemberState]
    sales: Sales
    newcomers: Newcomers
    changes: Changes
    activities: list[Activity] = []
    trails: list[Trail] = []
    kept: list[Kept] = []
    waiting: list[tuple[UUID, UUID, bytes]] = []
    settled: list[UUID] = []
    spent: dict[UUID, Spent] = {}
    """The redemptions that paid for sales here, by id."""
    pays_with: bool = True
    """Whether any sale here names a redemption; where none does, no payment is looked at.
    `load_spent` says so, of the sales it was given: whoever decides others by this batch asks it
    again."""
    paying: dict[UUID, Spent] = {}
    """Of those, which this batch changed."""
    captured: list[Redemption] = []
    """What a till reserved for sales here, and is taken with them."""
    late: Overdue = field(default_factory=Overdue)
    """What members whose sales come back reserved and did not take in time; it ends before."""
    lapsed: list[Redemption] = []
    """Of those, which ended here."""
    told: Told = {}
    """What its members told of before, by activities that may be told once of each thing."""
    kinds: Collection[str] = KINDS
    """Every kind of activity that anybody tells or asks for, as far as this batch needs them."""

    def pays(self, sold: Activity, member_id: UUID) -> list[Spent]:
        """The redemptions by which this member pays for a sale; they are written with the batch.

        What somebody else paid, who was one with them then and is not any more, stays with them.
        """
        if not self.spent:
            return []
        named = [self.spent.get(id_) for id_ in redemptions_of(sold.body)]
        own = [
            one for one in named if one is not None and one.member_id == member_id and _there(one)
        ]
        self.paying |= {one.redemption.redemption_id: one for one in own}
        return own

    def let_go(self, state: MemberState) -> None:
        """Give back what somebody reserved and did not take in time: the clock has freed it."""
        over = self.late.of(state.member_id)
        over.lapse(self.changes, {state.member_id: state}, self.terms, self.tx)
        self.lapsed += over.redemptions

    def note_lapsed(self, sale: Sale) -> None:
        """What lapsed in this batch of a sale with its own member, who was merged since."""
        sold = sale.activity
        for taker in [one.taker for one in self.spent.values() if one.taker is not None]:
            if taker.member_id != sold.member_id:
                continue
            for key in [key for key in taker.lapsed if key[0] == sold.activity_id]:
                known = sale.lapsed.get(key[1], 0)
                sale.lapsed = {**sale.lapsed, key[1]: known + taker.lapsed.pop(key)}


async def known_kinds(tx: Tx, terms: Terms, asked: Iterable[str]) -> Collection[str]:
    """Every kind of activity that is known, as far as one of these may be none.

    Order: most are told everywhere, and need no version to be walked and no row to be read.
    """
    odd = {*asked}.difference(KINDS)
    if not odd:
        return KINDS
    known = set[str]().union(*(kinds_told(one.program) for one in terms.versions))
    return known | await named(tx, odd - known)


def _there(spent: Spent) -> bool:
    """Whether it can come back: of a household's member who was erased since nothing does."""
    return spent.owner is None or spent.owner.state != "erased"


def activity_of(
    batch: Decided, item: Asking[RecordActivity], member_id: UUID, activity_id: UUID
) -> Activity:
    """The activity a command tells of, as it is kept."""
    return _activity(batch, item.command, (activity_id, member_id, None), item.amount_minor)


def return_of(batch: Decided, command: RecordActivity, activity_id: UUID, sale: Sale) -> Activity:
    """The return a command tells of, as it is kept with whoever bought."""
    sold = sale.activity
    return _activity(batch, command, (activity_id, sold.member_id, sold.activity_id), 0)


def _activity(
    batch: Decided, command: RecordActivity, ids: tuple[UUID, UUID, UUID | None], amount: int
) -> Activity:
    activity_id, member_id, sale_id = ids
    return Activity(
        activity_id,
        member_id,
        command.kind,
        command.source,
        command.external_id,
        sale_id,
        command.occurred_at or batch.tx.now,
        command.store,
        command.channel,
        amount,
        command.body,
        batch.changes.actor or command.asked.principal,
    )


def writes(batch: Decided) -> list[Write]:
    """Everything a batch is to leave behind, each table once."""
    tx, stock = batch.tx, batch.changes.stock
    settled = set(batch.settled)
    # A return that came and met its sale within one batch never waits in the table.
    waiting = [row for row in batch.waiting if row[1] not in settled]
    settled -= {activity_id for _, activity_id, _ in batch.waiting}
    return [
        *keep(tx, batch.kept),
        *activity_write.append(tx, batch.activities),
        *activity_write.wait(tx, waiting),
        *activity_write.settle_waiting(tx, sorted(settled)),
        *trail_write.append(tx, batch.trails),
        *_for_prizes(batch),
        *rewards.close_redemptions(tx, batch.lapsed),
        *rewards.keep_paid(tx, [one.redemption for one in batch.paying.values()]),
        *take_back(tx, _codes_back(batch)),
        *rewards.keep_stock(tx, {name: stock[name] for name in batch.changes.stock_touched}),
        *writes_of(tx, batch.terms, batch.changes),
    ]


def _for_prizes(batch: Decided) -> list[Write]:
    """What counts for challenges and streaks, and whom to look at; nothing where there are none."""
    if not plays(batch.terms):
        return _for_sums(batch)
    tx, own = batch.tx, [one for one in batch.activities if one.member_id != NOBODY]
    deeds = [(a.member_id, a.activity_id, a.occurred_at) for a in own if a.sale_id is None]
    zone = batch.terms.at(tx.now).program.zone
    since: dict[UUID, datetime] = {}
    for one in own:
        sold = one if one.sale_id is None else batch.sales.sales[one.sale_id].activity
        since[one.member_id] = min(sold.occurred_at, since.get(one.member_id, sold.occurred_at))
    return [*prizes.did(tx, zone, deeds), *prizes.watch(tx, {**since})]


def _for_sums(batch: Decided) -> list[Write]:
    """Whom to look at, as a sum of theirs changed by which something beside points is given."""
    paying = sums_that_pay(batch.terms)
    if not paying:
        return []
    who = {id_ for id_, counter, _ in batch.changes.counters if counter in paying}
    return prizes.watch(batch.tx, dict.fromkeys(who))


def _codes_back(batch: Decided) -> list[UUID]:
    """Redemptions that gave a code and came back with all of the sale they paid for."""
    paid = [one.redemption for one in batch.paying.values()]
    return [
        one.redemption_id for one in paid if one.state == "returned" and one.promised.kind == "code"
    ]


def balances_of(state: MemberState, terms: Terms) -> dict[str, int]:
    """What each wallet holds now, by name."""
    return {terms.wallet_names[code]: b.available for code, b in state.balances.items()}
