"""What the flows read of redemptions that paid for a sale, and of debts of whoever was merged, in
the plainest way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from regulars.engine.returning.payments import Spent, redemptions_of
from regulars.engine.state import MemberState
from regulars.records.activity.types import Activity
from regulars.records.ledger.types import Account, Entry, Hold
from regulars.records.members.unions.types import Merge
from regulars.records.rewards.types import Redemption

if TYPE_CHECKING:
    from tests.model.in_memory import InMemory


def notice_spent(memory: InMemory, redemption: Redemption) -> None:
    """Remember what of which lots was taken, when a redemption is handed over."""
    for entry in memory.changes.entries:
        if entry.kind == "capture" and entry.cause_id == redemption.redemption_id:
            moves = [move for move in memory.changes.moves if move.entry_id == entry.entry_id]
            taken = {move.lot_id: -move.delta for move in moves}
            spent = Spent(redemption, redemption.member_id, entry.entry_id, taken)
            memory.spent[redemption.redemption_id] = spent


def know_returned(memory: InMemory, state: MemberState, holds: Iterable[Hold]) -> None:
    """Of which purchases with reserved points something came back."""
    back = {one.activity.activity_id for one in memory.sales.values() if any(one.steps.returned)}
    for hold in holds:
        lots = [state.lots[lot_id] for lot_id, _ in hold.lots if lot_id in state.lots]
        hold.returned = tuple(lot.lot_id for lot in lots if lot.cause_id in back)


def whose_now(memory: InMemory) -> dict[UUID, Spent]:
    """All that was handed over, and whose it is since the last merge."""
    for one in memory.spent.values():
        one.member_id = memory.owner(one.redemption.member_id).member_id
    return memory.spent


def spent_on(memory: InMemory, sold: Activity, state: MemberState) -> list[Spent]:
    """The redemptions of a member that paid for a sale, with the lots they took from."""
    return spent_of(memory, redemptions_of(sold.body), state)


def spent_of(memory: InMemory, ids: Iterable[UUID], state: MemberState) -> list[Spent]:
    """Those of these redemptions that are a member's, with the lots they took from."""
    found = []
    for redemption_id in ids:
        spent = memory.spent[redemption_id]
        name, taker = next(
            (name, each)
            for name, each in memory.states.items()
            if each.member_id == spent.redemption.member_id
        )
        spent.member_id = memory.state(name).member_id
        if spent.member_id != state.member_id:
            continue
        merged = memory.unions.merges.get(name)
        spent.taker, spent.merge_id = (taker, merged[1].merge_id) if merged else (None, None)
        if merged:
            taker.idle = {}
        taker.lots |= {lot_id: memory.lots[lot_id] for lot_id in spent.taken}
        found.append(spent)
    return found


class Debts:
    """Each time more or less was owed, and who stood as whom, from when until when, by ids."""

    def __init__(self) -> None:
        self.told: list[tuple[UUID, UUID, int, int, bool]] = []
        """The entry, whose, of what, how much more, and whether it was forgiven."""
        self.stood: list[tuple[UUID, UUID, UUID, UUID | None]] = []

    def hear(self, entries: Iterable[Entry]) -> None:
        """Remember what more or less is owed by these, but for what merges carry."""
        self.told += [
            (entry.entry_id, entry.member_id, one.wallet, -one.amount, entry.kind == "write_off")
            for entry in entries
            for one in entry.postings
            if one.account == Account.DEBT and entry.kind not in ("merge", "unmerge")
        ]

    def parted(self, merge_id: UUID, until: UUID) -> None:
        """This merge is over."""
        self.stood = [
            (*one[:3], until) if one[2] == merge_id else one for one in self.stood
        ]  # fmt: skip

    def forgiven(self, merge: Merge) -> dict[int, bool]:
        """Where something was forgiven since, and whether that was all that had been owed."""
        spans: list[tuple[UUID, UUID, UUID | None]] = [(merge.into_id, merge.merge_id, None)]
        for who, since, until in spans:
            spans += [
                (as_id, begun, ended)
                for one, as_id, begun, ended in self.stood
                if one == who and begun > since and (until is None or begun < until)
            ]
        level: Counter[int] = Counter()
        paid: set[int] = set()
        whole: dict[int, bool] = {}
        for entry_id, whose, code, more, let_go in self.told:
            if code in whole or not any(
                whose == who and entry_id > since and (until is None or entry_id < until)
                for who, since, until in spans
            ):
                continue
            if let_go:
                whole[code] = code not in paid
            level[code] += more
            if level[code] < 0:
                paid.add(code)
        return whole
