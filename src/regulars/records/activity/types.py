"""What a till, shop or file tells us, and how we keep it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

from regulars.base.ids import id_of
from regulars.base.money import LARGEST

Text = Annotated[str, Meta(max_length=200)]
Minor = Annotated[int, Meta(ge=0, le=LARGEST)]
Pieces = Annotated[int, Meta(ge=1, le=1_000_000)]
Detail = bool | Annotated[int, Meta(ge=-LARGEST, le=LARGEST)] | Text

CODE: Final = "code"
"""The detail that keeps the code somebody told, without spaces and in capitals."""
CODE_OF: Final = "code_of"
"""The detail that keeps whose code it was: a reward, or `!` and why it counted for nothing."""
FRIEND_STAYED: Final = "friend-stayed"
"""Of the kind of an activity: a friend whom the member brought has stayed. A referral tells it."""
IN_PIECES: Final = ("purchase", FRIEND_STAYED)
"""Kinds of activities that have pieces: without lines one that came to its amount. Anything else
that happened is one piece, and comes back whole."""
NOBODY = id_of(bytes(16))
"""The member of a sale to nobody we know."""


class Line(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One article of a sale: what it cost in all its pieces, before its own discount."""

    amount_minor: Minor
    sku: Text = ""
    category: Text = ""
    quantity: Pieces = 1
    discount_minor: Minor = 0
    tax_minor: Minor = 0
    """The tax contained in what remains after the discount."""
    name: Text = ""
    free: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    """So many of its pieces a reward made free; they count for nothing."""
    redemption: UUID | None = None
    """Of free pieces: the redemption that made them free."""


class Payment(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One way a sale was paid. Points are a discount in disguise; stored value is payment."""

    kind: Literal["money", "points", "stored_value"]
    amount_minor: Minor
    redemption: UUID | None = None
    """Of points: the redemption that took them, so that they come back when the sale does."""


class PaidIn(Struct, frozen=True, omit_defaults=True):
    """How a sale was told that was paid in another currency than the program's; everything else of
    it is kept as it counts.

    Units: minor units of that currency. `counts` of our minor units are `per` of theirs.
    """

    currency: str
    amount_minor: Minor
    """What it came to."""
    counts: int
    per: int
    lines: tuple[tuple[int, int, int], ...] = ()
    """Per line what it cost, its discount and its tax."""
    over: tuple[int, int, int] = (0, 0, 0)
    """The discount of the order, shipping, tips."""
    payments: tuple[int, ...] = ()


class Body(Struct, frozen=True, omit_defaults=True):
    """The part of an activity that only rules and explanations read."""

    lines: tuple[Line, ...] = ()
    order_discount_minor: int = 0
    shipping_minor: int = 0
    tips_minor: int = 0
    payments: tuple[Payment, ...] = ()
    details: dict[str, Detail] = {}
    returned: tuple[ReturnedLine, ...] = ()
    """Of a return: which pieces; empty means everything that is left."""
    paid_in: PaidIn | None = None
    """Of a sale in another currency: how it was told."""


class ReturnedLine(Struct, frozen=True, forbid_unknown_fields=True):
    """So many pieces of one line (counted from 0) of the sale came back; of a sale that was told as
    one amount so many minor units of line 0."""

    line: Annotated[int, Meta(ge=0, le=9_999)]
    quantity: Annotated[int, Meta(ge=1, le=LARGEST)]


class SaleRef(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a return takes back: our id, or the receipt its source gave it.

    Mostly a sale; a flight or a visit that was told by mistake is named with its kind.
    """

    id: UUID | None = None
    source: Text = ""
    external_id: Text = ""
    kind: Text = "purchase"
    """What sort of activity it is, as a source may number flights and purchases alike."""


class Unapproved(Struct, frozen=True):
    """Something a member did whose points wait until somebody of the shop looked at it."""

    activity_id: UUID
    member_id: UUID
    kind: str
    source: str
    external_id: str
    about: str
    """What it is about, where the program asks for it."""
    occurred_at: datetime
    until: datetime
    """Then the points are gone, if nobody looked at it."""
    points: dict[int, int]
    """Per wallet code."""


class Activity(Struct, frozen=True):
    """One thing that happened, as it is kept."""

    activity_id: UUID
    member_id: UUID
    kind: str
    source: str
    external_id: str
    sale_id: UUID | None
    occurred_at: datetime
    store: str
    channel: str
    amount_minor: int
    body: Body
    actor: str
