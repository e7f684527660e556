"""What a decision may know of a member, and what it changes; filled by flows, used by the fold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.engine.terms import Idle
from regulars.records.benefits.plans.types import Membership, Turn
from regulars.records.ledger.types import (
    Balance,
    Courtesy,
    Entry,
    Hold,
    Lot,
    LotMove,
    Postponement,
)
from regulars.records.standing.grants.types import TierGrant
from regulars.records.standing.types import TierMove
from regulars.records.trail.types import Trail

if TYPE_CHECKING:
    from regulars.engine.restating.story import Story

NewId = Callable[[], UUID]
_IMPORT: Final = "import:"


@lru_cache(maxsize=64)  # asked for by every activity of an import
def imported_by(import_id: UUID) -> str:
    """The actor of everything an import books."""
    return f"{_IMPORT}{import_id}"


def is_brought(actor: str) -> bool:
    """Whether something was brought over, and did not happen under our eyes."""
    return actor.startswith(_IMPORT)


class Told(NamedTuple):
    """A notice that points lapse for want of activity: the end it told of, and when it was shown,
    if it was."""

    lapses_at: datetime
    shown_at: datetime | None


class MemberState(Struct):
    """One member under lock: everything the rules and the books need to decide.

    `counters` are keyed by (counter code, period). `lots` holds lots loaded because something
    is taken or given back, and lots made in this batch.
    """

    member_id: UUID
    joined_at: datetime
    attributes: Mapping[str, bool | int | str]
    version: int = 0
    tier: str | None = None
    tier_since: datetime | None = None
    tier_until: datetime | None = None
    state: str = "active"
    balances: dict[int, Balance] = {}
    counters: dict[tuple[int, int], int] = {}
    lots: dict[UUID, Lot] = {}
    holds: dict[UUID, Hold] = {}
    was: int = 0
    """The version they were read at: they are only written while it stands."""
    lapsed: dict[tuple[UUID, int], int] = {}
    """What lapsed in this batch, per cause (the sale) and wallet; below nothing where more of it
    lives again since."""
    last_at: datetime | None = None
    """When the latest of their activities happened, where the program asks for it."""
    united: bool = False
    """Whether they were ever part of a merge: then nothing of theirs is decided again."""
    story: Story | None = None
    """All they did, read where something of theirs comes late."""
    brought: bool = False
    """Whether their history is being brought over: nothing of it is too long ago to matter."""

    warned: Mapping[int, tuple[ZoneInfo, int]] = {}
    """Wallets whose points lapse only after a notice: zone, and how many days before."""
    notices: dict[UUID, datetime | None] = {}
    """Lots of which a notice lies in the inbox, and when it was shown, if it was."""
    told_before: dict[UUID, datetime] = {}
    """Lots that somebody handed on, of which those who had them before were shown a notice, and
    when that was first."""
    grants: list[TierGrant] = []
    """Tiers that were ever given to them by hand, oldest first."""
    idle: Mapping[int, Idle] = {}
    """Wallets whose points lapse when the member does nothing for long."""
    recorded_at: datetime | None = None
    """Since when we know them; no change of the terms before that moves them."""
    moved_at: datetime | None = None
    """The last change of the terms that moved them, or left them where they were (semantics F2)."""
    valued: tuple[Mapping[str, bool | int | str], Sequence[str | None]] | None = None
    """What is known of them with all that was ever reckoned, and of which day that is: what is too
    old goes by the day of what happened. `attributes` are those of today."""
    idle_told: dict[UUID, list[Told]] = {}
    """Of which end for want of activity a member was told, per lot."""
    allowance: dict[str, int] | None = None
    """How much somebody under age or a buyer may still spend, per wallet; nothing for others."""
    buys: bool = False
    """Whether they buy for a company, and the allowance is that of a buyer."""
    taken: dict[str, datetime] = {}
    """When they last took a reward that is not had twice in a short while, where one is asked."""
    chosen: dict[tuple[str, int], tuple[str, ...]] = {}
    """What they said they choose of several, by word and period, the first first."""
    plans: list[Membership] = []
    """Memberships they ever paid for, where benefits or the memberships themselves are asked."""
    turns: list[Turn] = []
    """All that ever happened to their memberships, where rules ask whether a plan runs."""
    moves: list[TierMove] = []
    """All moves between tiers, of those who became one too, where an allowance begins with one."""
    born: str = ""
    """The birthday they told on joining, where a benefit is bound to it."""
    spared: dict[UUID, datetime] = {}
    """Until when lots stay as a courtesy, whatever their member does."""

    def balance(self, wallet: int) -> Balance:
        """The wallet's balance, opened at nothing when it was never used."""
        found = self.balances.get(wallet)
        if found is None:
            found = self.balances[wallet] = Balance()
        return found


class Event(Struct, frozen=True):
    """Something to tell the world about a member, at one version of their standing."""

    member_id: UUID
    sequence: int
    type: str
    payload: Mapping[str, object]


class Changes(Struct):
    """Everything a batch of decisions appends, and which caches it touched.

    Lots opened in this batch are kept apart from lots changed: the first are inserted as they
    stand at the end, the others updated.
    """

    new_id: NewId
    stock: dict[str, int] = {}
    """What is left of rewards that run out, under lock; everybody in the batch draws on it."""
    stock_touched: set[str] = set()
    now: datetime | None = None
    """Our own clock, where something told may be ahead of it."""
    history: UUID | None = None
    """The import this belongs to: it happened elsewhere and long ago, and nobody is told."""
    entries: list[Entry] = []
    opened: dict[UUID, Lot] = {}
    changed: dict[UUID, Lot] = {}
    moves: list[LotMove] = []
    holds_opened: dict[UUID, Hold] = {}
    holds_closed: dict[UUID, Hold] = {}
    """Those that ended, and open ones of which something is due."""
    tier_moves: list[TierMove] = []
    events: list[Event] = []
    balances: dict[tuple[UUID, int], Balance] = {}
    counters: dict[tuple[UUID, int, int], int] = {}
    budgets: dict[tuple[int, int], int] = {}
    """What all members together used, by counter and period, under lock like the stock."""
    spent: set[tuple[int, int]] = set()
    """The budgets that this batch changed."""
    touched: dict[UUID, MemberState] = {}
    restated: list[Trail] = []
    """Decisions of the past that were made again, because something came late."""
    ripe: set[UUID] = set()
    """Members who may have reached a step on a day that is over, by credit told of since."""
    climbed: set[UUID] = set()
    """Members who stand otherwise on a further ladder, or until another day: they are looked at."""
    courtesies: list[Courtesy] = []
    postponed: list[Postponement] = []
    """Ends of lots that moved because nobody was told; the lots themselves are in `changed`."""

    @property
    def actor(self) -> str:
        """Who lets points lapse: time, or the import that brings time over."""
        return imported_by(self.history) if self.history else ""

    def open_lot(self, state: MemberState, lot: Lot) -> None:
        self.opened[lot.lot_id] = state.lots[lot.lot_id] = lot

    def change_lot(self, lot: Lot) -> None:
        if lot.lot_id not in self.opened:
            self.changed[lot.lot_id] = lot

    def count(
        self, state: MemberState, counter: int, period: int, by: int, *, owes: bool = False
    ) -> None:
        """Raise a counter; it never stands below zero (what was given back twice is a bug), but
        where credit may be owed."""
        value = state.counters.get((counter, period), 0) + by
        assert value >= 0 or owes, (state.member_id, counter, period, value)
        state.counters[(counter, period)] = value
        self.counters[(state.member_id, counter, period)] = value

    def keep(self, state: MemberState, key: tuple[int, int], value: int) -> None:
        """Set what rounding keeps for next time; below zero when it rounded up."""
        state.counters[key] = value
        self.counters[(state.member_id, *key)] = value

    def spend(self, counter: int, period: int, by: int) -> None:
        """Use some of a budget of everyone (negative gives back); it was loaded under lock."""
        value = self.budgets[(counter, period)] + by
        assert value >= 0, (counter, period, value)
        self.budgets[(counter, period)] = value
        self.spent.add((counter, period))

    def shelve(self, reward: str, pieces: int) -> None:
        """Take a piece off the shelf (negative) or put it back."""
        self.stock[reward] += pieces
        self.stock_touched.add(reward)

    def touch(self, state: MemberState) -> None:
        """One more write of this member: their version rises by one."""
        state.version += 1
        self.touched[state.member_id] = state
