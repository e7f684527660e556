"""What may be asked of the flows, and what they answer."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.engine.rewarding.paying import Basket
from regulars.records.activity.types import Body, Line, ReturnedLine, SaleRef
from regulars.records.members.types import Asked, MemberRef
from regulars.records.rewards.types import FreeOf, Promised

RECORD: Final = "record"
"""Under which name activities are asked for: what a receipt is known by begins with it."""


class RecordActivity(Struct, frozen=True, omit_defaults=True):
    """Something happened: a purchase, a return, a visit or any other kind.

    Units: amounts in minor units of the program's currency. `occurred_at` is now when not given.
    A return names its sale; `body.returned` says which pieces, nothing means all that is left.
    """

    kind: str
    member: MemberRef | None = None
    occurred_at: datetime | None = None
    source: str = ""
    external_id: str = ""
    store: str = ""
    channel: str = ""
    amount_minor: int | None = None
    """Of a purchase without lines: what it came to."""
    body: Body = Body()
    sale: SaleRef | None = None
    asked: Asked = Asked()
    activity_id: UUID | None = None
    """Of an activity that moves from one installation to another: the id it keeps."""
    code: str = ""
    """A code that was told with it: a word of a promotion, or one of a reward."""
    currency: str = ""
    """In which its amounts are told, where that is not the program's; they count at the rate of
    the day on which it happened."""


class Recorded(Struct, frozen=True, omit_defaults=True):
    """What an activity brought: per wallet what was earned (taken back is negative), then where
    the member stands.

    `state` is `recorded`, or `waiting` for a return whose sale is not here yet.
    """

    activity_id: UUID
    member_id: UUID
    state: str
    version: int
    earned: dict[str, int]
    balances: dict[str, int]
    rules: dict[str, int] = {}
    """What each rule gave, rules that gave nothing left out."""
    tier: str | None = None
    tier_before: str | None = None
    replayed: bool = False
    pending: dict[str, int] = {}
    """Of what was earned, what cannot be spent yet."""
    refunded: dict[str, int] = {}
    """Of a return: what was spent on the sale and is the member's again."""
    milestones: dict[str, int] = {}
    """What milestones gave besides, by their id; what a return took back of it is negative."""
    paid_back_minor: int = 0
    """Of a return of a sale that points or a gift balance paid for: how much of that came back as
    such; the rest of what came back is money."""
    currency: str = ""
    """In which that is: the currency of the sale."""
    first: SaleRef | None = None
    """Of what another source told before under a receipt of its own: that one."""


class Confirm(Struct, frozen=True, omit_defaults=True):
    """What an activity gave was waiting for this: it holds (`confirmed`) or not (`cancelled`)."""

    activity: SaleRef
    """Our id, or the receipt its source gave it."""
    outcome: str
    kind: str = "purchase"
    """Which sort of activity the receipt is of."""
    asked: Asked = Asked()
    reason: str = ""
    """Why it does not hold; whoever did something for the shop is told."""
    may: Literal["all", "approve", "tell"] = "all"
    """What whoever says so may do: approve what is moderated, tell how everything else ended."""


class Confirmed(Struct, frozen=True, omit_defaults=True):
    """How the waiting of an activity ended, and how many points turned by it, per wallet."""

    activity_id: UUID
    member_id: UUID
    outcome: str
    points: dict[str, int]
    balances: dict[str, int]
    replayed: bool = False


class Redeem(Struct, frozen=True, omit_defaults=True):
    """A member wants a reward: its price is reserved until it is captured, voided or lapses."""

    member: MemberRef
    reward: str = ""
    store: str = ""
    channel: str = ""
    capture: bool = False
    """Take the price at once: reserve and capture in one step."""
    pay: Basket | None = None
    """In place of a reward: points that pay a part of this basket."""
    lines: tuple[Line, ...] = ()
    """What lies on the counter, where the reward makes pieces of it free."""
    named: tuple[ReturnedLine, ...] = ()
    """Where the till says which pieces are free: these."""
    asked: Asked = Asked()
    until: datetime | None = None
    """Reserved until then, in place of as long as the reward says."""
    for_days: int = 0
    """Reserved for so many days, in place of as long as the reward says."""
    bill: UUID | None = None
    """The bill of a connected till that it is for; paying that hands it over."""
    signed_in: bool = False
    """The member is signed in where they ask, so nothing needs to be shown."""
    currency: str = ""
    """In which they pay, and the basket is; the program's, unless said."""
    quoted: int | None = None
    """Of points that pay: so many were said; where it takes others by now it is refused."""
    shown: dict[str, int] | None = None
    """Of a reward: the price that was shown, in units per wallet; another one is refused."""
    promised: Promised | None = None
    """In place of a reward: what was reserved to pay for a basket and lapsed, once more as it was
    promised."""
    gathering: str = ""
    """Of a seat: the gathering at which it is taken, by whoever decides about its seats."""


class Settle(Struct, frozen=True, omit_defaults=True):
    """The end of a redemption: capture it (it was handed over) or void it (it was not)."""

    redemption_id: UUID
    outcome: str
    part: dict[str, int] | None = None
    """Per wallet, what is captured of what was reserved; the rest is given back."""
    asked: Asked = Asked()
    store: str | None = None
    """Where it was handed over, if that is said now; "" is no store in particular."""
    first: bool = False
    """Refused where it ended so before, instead of answered alike."""
    with_seat: bool = False
    """Of a seat: by whoever decides about its seats, and nobody else."""
    by_order: bool = False
    """Whether the order asks that it is off: nobody else ends it while that is not paid."""


class Part(Struct, frozen=True):
    """What one member of a household pays of a basket."""

    redemption_id: UUID
    member_id: UUID
    price: dict[str, int]
    value_minor: int
    """In the currency of the basket."""


class Redeemed(Struct, frozen=True, omit_defaults=True):
    """Where a redemption stands, and the member with it."""

    redemption_id: UUID
    member_id: UUID
    reward: str
    state: str
    price: dict[str, int]
    balances: dict[str, int]
    lapses_at: datetime
    replayed: bool = False
    kind: str = "item"
    told: dict[str, str | int] = {}
    """What it gives in particular."""
    money_minor: int = 0
    """To be paid in money besides."""
    code: str = ""
    """Once it was handed over, the code it gives."""
    code_ends_at: datetime | None = None
    free: tuple[FreeOf, ...] = ()
    """Which pieces of the basket are free."""
    currency: str = ""
    """In which it is told; the program's, unless said."""
    parts: tuple[Part, ...] = ()
    """Where a household pays for a basket: whose points pay how much, each a redemption."""


class Adjust(Struct, frozen=True, omit_defaults=True):
    """Staff corrects a balance by hand: how much, why, and who says so."""

    member: MemberRef
    wallet: str
    units: int
    """At the wallet's scale; negative takes away."""
    reason: str
    actor: str
    asked: Asked = Asked()
    approves: UUID | None = None
    """The request of a colleague that is granted by this."""
    address: str = ""
    """Of the browser it was said in, cut short; written down where staff say it."""
    round: UUID | None = None
    """The round of adjustments it is a part of."""
    earned: bool = False
    """A connected till worked these points out by itself: they count as earned."""
    owing: bool = False
    """What is not there to be taken is owed."""
    store: str = ""
    """Where it was said, if anywhere in particular."""
    expires_on: str = ""
    """The last day on which what is given can be spent, or `never`; else as the wallet says."""
    receipt: str = ""
    """The number of what was paid for it: told again for who is named so, it is the same."""


class Adjusted(Struct, frozen=True, omit_defaults=True):
    """What an adjustment left."""

    entry_id: UUID
    member_id: UUID
    wallet: str
    units: int
    balances: dict[str, int]
    replayed: bool = False
    expires_at: datetime | None = None
    """When what was given is gone; nothing where it never is, or where points were taken."""


class History(NamedTuple):
    """The import a batch belongs to: it happened elsewhere, and nobody is told.

    `cut` says that the batch ends amid a member, who goes on in the next one.
    """

    import_id: UUID
    cut: bool = False


RecordOutcome = Recorded | Refused | Fault
RedeemOutcome = Redeemed | Refused | Fault
AdjustOutcome = Adjusted | Refused | Fault
ConfirmOutcome = Confirmed | Refused | Fault
