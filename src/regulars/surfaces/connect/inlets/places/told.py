"""What a mapping says of one activity that an event tells."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from regulars.surfaces.connect.inlets.places.pieces import (
    From,
    LinesMap,
    PaymentsMap,
    ReturnedMap,
    Said,
)
from regulars.surfaces.connect.moving.mapping import Skip

REFS: Final = ("member_id", "number", "email", "phone", "card")
"""By what a member may be found, in the order in which it is tried."""


class ActivityMap(Struct, frozen=True, forbid_unknown_fields=True):
    """One activity that an event tells."""

    kind: Said
    """`purchase`, `return`, `visit`, or any kind the rules of the program are about."""
    external_id: Said | None = None
    """Its receipt, which counts once for ever; where nothing is said, the event's own id, of a
    structured CloudEvent with its source before it: `/shops/berlin#17`."""
    occurred_at: Said | None = None
    """When it happened; when the event came in where nothing is said."""
    member_id: Said | None = None
    """What the other system calls its customer."""
    number: Said | None = None
    email: Said | None = None
    phone: Said | None = None
    card: Said | None = None
    sale_id: Said | None = None
    """Of a return: the receipt of what it takes back."""
    sale_kind: Said | None = None
    """Of a return: what sort of activity that is; a purchase where nothing is said."""
    store: Said | None = None
    channel: Said | None = None
    currency: Said | None = None
    """In which it was paid; the program's where nothing is said. Another one counts at the rate of
    its day; one without a rate is no fit."""
    amount: Said | None = None
    amount_minor: Said | None = None
    order_discount: Said | None = None
    order_discount_minor: Said | None = None
    shipping: Said | None = None
    shipping_minor: Said | None = None
    tips: Said | None = None
    tips_minor: Said | None = None
    lines: LinesMap | None = None
    payments: PaymentsMap | None = None
    returned: ReturnedMap | None = None
    receipt: Said | None = None
    """The number under which others tell the same, where that is not its `external_id`."""
    told_by: tuple[str | From, ...] = ()
    """Who else tells it, by this number: sources as the books name them, such as the store of a
    till; `{column: branch}` where the event itself says which. Whoever tells it first is booked."""
    since: str | None = None
    """What happened before this day is left aside, as 2027-01-01."""
    details: dict[str, Said] = {}
    """What else rules may ask for, by its name."""
    skip: tuple[Skip, ...] = ()
    """Events that do not tell it."""
    each: str | None = None
    """Where an event may tell it several times: the way to a list. Each entry tells one; all places
    are within the entry, `skip` too."""


class SameAs(Struct, frozen=True, forbid_unknown_fields=True):
    """A sale is one that another source told before where all of this is the same of both."""

    within_minutes: Annotated[int, Meta(ge=0, le=1_440)]
    """So far apart the two clocks may have told it."""
    by: tuple[Literal["member", "total", "store"], ...] = ("member", "total")
    """`member` and `total` always; `store` besides."""
