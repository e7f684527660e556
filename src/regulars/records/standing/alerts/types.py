"""An alert about a member: why, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal, NamedTuple, get_args
from uuid import UUID

from msgspec import Struct

Kind = Literal["slipping", "unusual", "account"]
"""`account`: an account of several people uses the shop less than it used to."""
State = Literal["open", "handled", "over", "snoozed"]
"""`snoozed`: open again from a day that somebody named."""
Outcome = Literal["came", "stayed_away", "gone", "lasted", "once", "taken_back"]
"""Came back within 90 days, did not, or is somebody else by now (merged). Of an unusual day: one of
at least half as much came again within 90 days (`lasted`), none did, or most of it came back."""
Verdict = Literal["right", "false_alarm"]
"""What whoever looked says of an alert."""
BUDGETS: Final[Mapping[Kind, str]] = {
    "slipping": "outreach_weekly", "account": "outreach_weekly", "unusual": "unusual_weekly",
}  # fmt: skip
"""The setting that says how many of a kind are told of in a week."""
JUDGED: Final[tuple[Kind, ...]] = ("unusual", "account")
"""Kinds a person judges; of who slips what becomes of them says it."""
Sort = Literal[
    "days_away", "fewer_orders", "spends_less", "spent_much", "earned_much", "redeemed_much",
    "tier_jump", "fewer_people", "more_tickets",
]  # fmt: skip
SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
WAITS: Final = 90
"""Days within which somebody who slips comes back, or did not."""
LONGEST_NOTE: Final = 500
LONGEST_SNOOZE: Final = WAITS
"""Days an alert may wait: after as many it is known what became of it."""


class Reason(Struct, frozen=True, omit_defaults=True):
    """One reason: what there is, beside what is usual.

    Units: days, orders, minor units, or units of the wallet `about`; of a tier jump it is steps,
    and `about` the tier they stand on.
    Example: `days_away` 61 beside 19: 61 days since the last order, 19 is the mean of their gaps.
    """

    sort: Sort
    have: int
    usual: int | None = None
    about: str = ""


class Raised(Struct, frozen=True):
    """Somebody to be told of, or (not `shown`) as likely as they and left alone."""

    member_id: UUID
    kind: Kind
    as_of: date
    reasons: tuple[Reason, ...]
    shown: bool = True
    chance: int | None = None
    worth_minor: int | None = 0
    """Nothing where nobody can say it."""
    account_id: UUID | None = None
    """Of an account, whose member leads it."""

    @property
    def sorts(self) -> list[str]:
        """Of which sorts its reasons are."""
        return sorted({one.sort for one in self.reasons})


class MemberAlert(Struct, frozen=True):
    """An alert as it is kept. `over_on` is the day of the order, or the last day of waiting."""

    alert_id: UUID
    member_id: UUID
    kind: Kind
    as_of: date
    raised_at: datetime
    chance: int | None
    worth_minor: int | None
    reasons: tuple[Reason, ...]
    outcome: Outcome | None
    over_on: date | None
    handled_at: datetime | None
    handled_by: str
    note: str
    account_id: UUID | None = None
    account: str = ""
    """The account it is about, and how that is called."""
    snoozed_until: date | None = None
    later: bool = False
    """Whether that day is still to come."""
    verdict: Verdict | None = None
    """What whoever looked after it says of it."""

    @property
    def state(self) -> State:
        """What there is to do: nothing where it is known what became of it."""
        if self.outcome is not None:
            return "over"
        if self.handled_at is not None:
            return "handled"
        return "snoozed" if self.later else "open"


class Became(Struct, frozen=True):
    """What became of slipping members: of those told of, and of those as likely left alone; or of
    accounts and unusual days, of which nobody stands beside."""

    told: int
    came: int
    beside: int
    beside_came: int
    waiting: int
    """Told of, and not known yet."""
    handled: int = 0
    """Of those told of, whom somebody said to have looked after."""
    handled_came: int = 0
    judged: int = 0
    """Of which whoever looked said that it was right, or a false alarm."""
    right: int = 0
    lasted: int = 0
    once: int = 0
    taken_back: int = 0


class Settled(NamedTuple):
    """An alert of which it has become known how it ended."""

    alert_id: UUID
    member_id: UUID
    shown: bool
    as_of: date
    outcome: Outcome
    over_on: date
    chance: int | None
    worth_minor: int | None
    handled_at: datetime | None
    account_id: UUID | None = None
    """Of an account, whose member led it."""
    verdict: Verdict | None = None
