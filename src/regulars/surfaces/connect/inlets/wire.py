"""Sources of events on the wire, and what came in by them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from regulars.records.inlets.types import (
    NO_COUNTS,
    Arrival,
    ArrivalState,
    Became,
    Counts,
    Gave,
    Inlet,
    InletState,
)
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Instant, Limit, Text

InletKind = Literal[
    "webhook",
    "cloudevents",
    "letters",
    "woocommerce",
    "shopify",
    "stripe",
    "crm",
    "salesforce",
    "square",
    "magento",
    "discourse",
    "files",
    "stream",
]
InletName = Annotated[str, Meta(min_length=1, max_length=80)]
MappingText = Annotated[str, Meta(min_length=1, max_length=65_536)]


class InletSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Another system is to send its events here."""

    mapping: MappingText | None = None
    """The mapping file, as YAML: which place of a payload is which field. Left out, it is the one
    that is shipped for this kind."""
    name: InletName = "Source"
    kind: InletKind = "webhook"
    """Any signed JSON, or CloudEvents 1.0, both signed as Standard Webhooks has it; or what became
    of letters, told with the secret itself by who cannot sign. Or a vendor's own webhooks:
    `woocommerce`, `shopify`, `stripe`, `square`, `magento`, `discourse`. Or a CRM, which
    tells of cases and is told of members: `crm`, `salesforce`. Or files, which are looked for in a
    folder, on an SFTP server or in an object store: `files`. Or messages of a broker: `stream`."""


class InletChangeSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What is another from now on; what is not said stays."""

    mapping: MappingText | UnsetType = UNSET
    name: InletName | UnsetType = UNSET
    state: Literal["active", "paused"] | UnsetType = UNSET
    """Paused, what comes is kept and waits; active again, it is booked."""


class InletSecretSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Another secret is wanted."""

    overlap_hours: Annotated[int, Meta(ge=0, le=168)] = 24
    """So long what is signed by the one before is taken as well."""


class PayloadTried(Struct, frozen=True, forbid_unknown_fields=True):
    """A payload to try out; nothing is kept or booked."""

    payload: dict[str, Any] | None = None
    """Of a source of the kind `discourse` without one the forum itself is tried: whether whoever
    signs in there comes to their card."""
    mapping: MappingText | None = None
    """Another mapping than the one in use, before it is."""


class InletShown(Struct, frozen=True):
    """A source of events."""

    id: str
    name: str
    kind: str
    source: str
    """Its name in the books; receipts are known by it."""
    address: str
    """Where its events are sent, from the root of this host on."""
    state: InletState
    mapping: str
    secret_overlap_until: datetime | None
    """So long the secret before is good, too."""
    open: int
    """How many events somebody has to look at: they do not fit, or were refused."""
    waiting: int
    """How many are kept and not booked yet."""
    waiting_since: datetime | None
    """Since when the first of those has been due; more than a minute ago, something holds it up."""
    last_received_at: datetime | None
    """Within the last 30 days."""
    created_at: datetime
    created_by: str


class InletMadeShown(Struct, frozen=True):
    """A source of events with its secret, which is shown this once."""

    id: str
    secret: str
    inlet: InletShown


class InletsShown(Struct, frozen=True):
    """All sources of events, oldest first."""

    items: list[InletShown]


class ToldActivity(Struct, frozen=True):
    """An activity as an event tells it."""

    activity: dict[str, Any]
    """Its fields as they are booked; amounts in minor units."""
    found_by: list[dict[str, str]]
    """By what its member is looked for, in this order."""


class ToldLetter(Struct, frozen=True):
    """A letter or a text message that failed, as an event tells it."""

    email: str
    kind: Literal["hard", "soft", "complaint"]
    reason: str
    failed_at: datetime
    phone: str = ""
    """Of a text message, in place of the e-mail."""


class ToldPartner(Struct, frozen=True):
    """What a partner tells by an event, or answers to a line of a settlement."""

    what: Literal["activity", "return", "answer"]
    partner: str
    kind: str = ""
    wallet: str = ""
    units: int | None = None
    external_id: str = ""
    of: str = ""
    """Of a return: the reference of what it takes back."""
    line: str = ""
    answer: str = ""
    found_by: list[dict[str, str]] = []


class PayloadRead(Struct, frozen=True):
    """What a payload tells, or where it does not fit."""

    fits: bool
    type: str
    activities: list[ToldActivity] = []
    field: str = ""
    reason: str = ""
    mend: str = ""
    letter: ToldLetter | None = None
    """In place of activities: the letter that failed."""
    partner: ToldPartner | None = None
    """In place of activities: what a partner tells or answers."""


class BookedLine(Struct, frozen=True):
    """The line of a partner's account an event became."""

    id: str
    first: bool
    """False where it was booked before, by another event or another way."""


class BookedActivity(Struct, frozen=True):
    """An activity that was booked for an event."""

    activity_id: str
    first: bool
    """False where its receipt was booked before, by another event or another way."""
    another: bool = False
    """It was taken for this one, and somebody said that it is another sale."""


class ArrivalShown(Struct, frozen=True):
    """An event that came in, and what became of it."""

    id: str
    type: str
    name: str
    """What its sender calls it."""
    received_at: datetime
    state: ArrivalState
    code: str
    field: str
    """The place of the payload that failed."""
    reason: str
    mend: str
    settled_at: datetime | None
    activities: list[BookedActivity] = []
    """What was booked for it; left empty in lists."""
    entry: BookedLine | None = None
    """In place of activities: the line of a partner's account."""
    payload: str | None = None
    """The very text that came; left out of lists, and forgotten after a while."""


class ArrivalsPage(Struct, frozen=True):
    """Some events, newest first, and where to go on."""

    items: list[ArrivalShown]
    has_more: bool
    next_cursor: str | None


class InletAgainSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Which events of a source are to be looked at again; all that are open, where nothing is
    said."""

    states: Annotated[
        tuple[Literal["unfit", "refused", "passed"], ...], Meta(min_length=1, max_length=3)
    ] = ("unfit", "refused")
    """`passed`: also those of which the mapping told nothing by then."""
    since: Instant | None = None
    """Those that came in since then."""


class AnotherSaleSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What an event was taken for and does not tell."""

    activities: Annotated[tuple[str, ...], Meta(min_length=1, max_length=100)]
    """Activities that it was passed as, by their ids."""


class SameSaleSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Which other sale it is that an event was booked as."""

    activity: Annotated[str, Meta(min_length=1, max_length=100)]


class SameSaleDone(Struct, frozen=True):
    """The event's sale is given back; it is the other one."""

    id: str
    same_as: str
    returned: str | None
    """The return; nothing where all of it was back before."""


class InletRun(Struct, frozen=True):
    """A source of which something is looked at again."""

    id: str
    again: int
    """So many wait once more."""
    forgotten: int
    """Of so many others what they said is forgotten; they cannot be looked at again."""


Which = Literal["waiting", "booked", "passed", "unfit", "refused", "duplicate"]


class ArrivalsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which events, and how much of the list, from where on."""

    state: Which | None = None
    """`duplicate`: of what was passed, what somebody else told first."""
    limit: Limit = 50
    cursor: Text | None = None


def inlet_shown(inlet: Inlet, now: datetime, counts: Counts = NO_COUNTS) -> InletShown:
    """A source as the world sees it."""
    old = inlet.old_until
    id_ = shown("inl", inlet.inlet_id)
    return InletShown(
        id=id_,
        name=inlet.name,
        kind=inlet.kind,
        source=inlet.source,
        address=f"/v1/in/{id_}",
        state=inlet.state,
        mapping=inlet.mapping,
        secret_overlap_until=old if old is not None and now < old else None,
        open=counts.open,
        waiting=counts.waiting,
        waiting_since=counts.waits_since,
        last_received_at=counts.last_at,
        created_at=inlet.made_at,
        created_by=inlet.made_by,
    )


def arrival_shown(
    one: Arrival, gave: list[Gave] | None = None, line: Became | None = None
) -> ArrivalShown:
    """An event as the world sees it; with what was booked, its payload too."""
    whole = gave is not None and one.body is not None
    return ArrivalShown(
        id=shown("arr", one.arrival_id),
        type=one.type,
        name=one.name,
        received_at=one.received_at,
        state=one.state,
        code=one.code,
        field=one.field,
        reason=one.reason,
        mend=one.mend,
        settled_at=one.settled_at,
        activities=[
            BookedActivity(shown("act", g.activity_id), g.first, g.activity_id in one.apart)
            for g in gave or ()
        ],
        entry=None if line is None else BookedLine(shown("pen", line.entry_id), line.first),
        payload=payload_of(one) if whole else None,
    )


def payload_of(one: Arrival) -> str:
    """What came, as text; of an event whose attributes stood in headers, with them."""
    assert one.body is not None, one.arrival_id
    text = one.body.decode(errors="replace")  # of a broker may come anything
    if not one.beside:
        return text
    above = msgspec.json.format(one.beside.encode(), indent=0).decode()
    return f"{above}\n{text}"
