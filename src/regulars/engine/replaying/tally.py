"""What a replay adds up while it goes: points by month, member, rule, store and budget."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Final, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct, field

from regulars.records.ledger.types import Account, Entry

Flow = Literal[
    "issued", "returned", "cancelled", "expired", "redeemed", "given", "taken", "opened", "short",
    "reinstated", "forgiven", "got", "handed", "refunded",
]  # fmt: skip
ADDS: Final[dict[str, int]] = {
    "issued": 1, "given": 1, "opened": 1, "reinstated": 1, "forgiven": 1, "got": 1,
    "refunded": 1,
    "handed": -1, "returned": -1, "cancelled": -1, "expired": -1, "redeemed": -1, "taken": -1,
}  # fmt: skip
"""Whether a flow raises or lowers what members have; what was short is part of what went."""
GAME: Final = "game"
"""By whom prizes are given that a replay decides anew: they count as what rules give."""
BEFORE: Final = ""
"""The month under which everything before the window is added up."""
_KINDS: Final[dict[tuple[str, int], Flow]] = {
    ("earn", Account.ISSUED): "issued",
    ("return", Account.ISSUED): "returned",
    ("cancel", Account.ISSUED): "cancelled",
    ("cancel", Account.ADJUSTED): "taken",
    ("expire", Account.EXPIRED): "expired",
    ("capture", Account.REDEEMED): "redeemed",
    ("open", Account.OPENING): "opened",
    ("reinstate", Account.EXPIRED): "reinstated",
    ("write_off", Account.WRITTEN_OFF): "forgiven",
    ("refund", Account.REDEEMED): "refunded",
}


class Came(NamedTuple):
    """What one activity or return came to: its wallets and rules, net and in wallet units."""

    activity_id: UUID
    member_id: UUID
    day: int
    store: str
    amount_minor: int
    units: dict[str, int]
    rules: dict[str, int]
    tier: str | None
    returned: bool = False


class Fired(Struct):
    """How often a rule gave something, how much, and how much of it came back."""

    times: int = 0
    units: int = 0
    back: int = 0


class Bought(Struct):
    """What was sold at a store or to a segment, and what it earned per wallet, net."""

    activities: int = 0
    amount_minor: int = 0
    units: dict[str, int] = field(default_factory=lambda: defaultdict(int))


class Tally(Struct):
    """Everything a replay counts between two local days; before them only points are kept."""

    since: int
    until: int
    months: dict[tuple[str, str, str], int] = field(default_factory=lambda: defaultdict(int))
    """Units by month (2026-03), wallet and flow."""
    members: dict[UUID, dict[tuple[str, str], int]] = field(default_factory=dict)
    """Units by wallet and flow, per member."""
    sales: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    stores: dict[str, Bought] = field(default_factory=lambda: defaultdict(Bought))
    rules: dict[str, Fired] = field(default_factory=lambda: defaultdict(Fired))
    came: list[Came] = field(default_factory=list)
    gave: dict[tuple[UUID, str], int] = field(default_factory=lambda: defaultdict(int))
    """Per activity and wallet: what was booked, less what had lapsed when it came back."""

    def entry(self, entry: Entry, wallets: dict[int, str], day: int) -> None:
        """Count what an entry moves between a member and the program."""
        for posting in entry.postings:
            if posting.account < Account.ISSUED:
                continue
            if entry.kind in ("earn", "return", "restate") and day < self.until:
                self.gave[entry.cause_id, wallets[posting.wallet]] -= posting.amount
            flow = _KINDS.get((entry.kind, posting.account))
            if flow is None:
                won = entry.actor == GAME
                flow = _flow_of("milestone" if won else entry.kind, posting.amount)
            self.moved(entry.member_id, wallets[posting.wallet], flow, abs(posting.amount), day)

    def moved(self, member_id: UUID, wallet: str, flow: Flow, units: int, day: int) -> None:
        """So many units moved on this local day."""
        if not units or day >= self.until:
            return
        month = BEFORE if day < self.since else month_of(day)
        self.months[month, wallet, flow] += units
        if month != BEFORE:
            of_member = self.members.setdefault(member_id, defaultdict(int))
            of_member[wallet, flow] += units

    def decided(self, one: Came) -> None:
        """Count what an activity or return came to."""
        if not self.since <= one.day < self.until:
            return
        self.came.append(one)
        store = self.stores[one.store]
        if not one.returned:
            store.activities += 1
            store.amount_minor += one.amount_minor
            self.sales[one.member_id] += one.amount_minor
        for wallet, units in one.units.items():
            store.units[wallet] += units
        for rule, units in one.rules.items():
            fired = self.rules[rule]
            if one.returned and units < 0:
                fired.back -= units
            elif one.returned:  # decided again, because something came late
                fired.units += units
            elif units:
                fired.times += 1
                fired.units += units

    def prize(self, called: str, day: int, units: int, *, back: bool = False) -> None:
        """Count a prize that was given, or taken back, under what it was for."""
        if self.since <= day < self.until:
            fired = self.rules[called]
            fired.times += 0 if back else 1
            fired.units += 0 if back else units
            fired.back += -units if back else 0

    def total(self, wallet: str, flow: str) -> int:
        """Units of a flow in the window."""
        return sum(
            units
            for (month, name, kind), units in self.months.items()
            if month != BEFORE and (name, kind) == (wallet, flow)
        )


def _flow_of(kind: str, amount: int) -> Flow:
    """Between members nothing comes or goes; by hand it does."""
    if kind in ("restate", "milestone"):
        return "issued" if amount < 0 else "returned"
    if kind in ("transfer", "merge", "unmerge"):
        return "got" if amount < 0 else "handed"
    return "given" if amount < 0 else "taken"


def month_of(day: int) -> str:
    """The month of a local day, as 2026-03."""
    return date.fromordinal(day).isoformat()[:7]
