"""What a device and the server say to each other, and how records are written."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from regulars.flows.tills.commands import Taken
from regulars.records.activity.checks import MOST_LINES
from regulars.records.tills.types import RecordState, Till, TillState
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.activities import ActivitySent, ReturnedPieces
from regulars.surfaces.api.wire.parts import Id, Instant, SaleName, Slug, Text, Whom
from regulars.surfaces.api.wire.standing.shown import WonShown
from regulars.surfaces.till.sync.counted import MemberCounted

MOST_RECORDS = 500
MOST_MEMBERS = 50
LONGEST_RECORD = 64_000

Whole = Annotated[int, Meta(ge=-(2**53), le=2**53)]
Key = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{8,64}$(?!\n)")]


class DevicePairing(Struct, frozen=True, forbid_unknown_fields=True):
    """A device wants to be a till; the code it was given stands in the Authorization header."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    public_key: Annotated[str, Meta(max_length=400)]
    """ECDSA P-256 as WebCrypto exports it, `raw` or `spki`, in base64url."""


class DevicePaired(Struct, frozen=True):
    """A device that is a till now. `token` is shown this once."""

    id: str
    token: str
    store: str
    name: str
    lookup_key: str
    """Names in the snapshot are digests under it: the first 16 bytes of HMAC-SHA-256, base64url."""
    first_previous: str
    """What the first record names as `previous`."""
    country: str | None
    currency: str
    server_at: datetime


class RecordSent(Struct, frozen=True, forbid_unknown_fields=True):
    """One record: the text as it was signed, and its signature (r and s, base64url)."""

    signed: Annotated[str, Meta(max_length=LONGEST_RECORD)]
    signature: Annotated[str, Meta(max_length=100)]


class StrangersSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a device looked for without the network and did not find among those it keeps."""

    told: Annotated[int, Meta(ge=0, le=2**31 - 1)]
    """So many since it was paired: what was told before counts no second time."""
    lately: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    """So many of these within the last ten minutes."""


class RecordsSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What a till recorded, in any order; what came before may come again."""

    records: Annotated[tuple[RecordSent, ...], Meta(max_length=MOST_RECORDS)]
    strangers: StrangersSent | UnsetType = UNSET


class RecordResult(Struct, frozen=True):
    """What became of a record. Whatever the outcome, it is kept here and may go from the device."""

    id: str
    sequence: int
    outcome: RecordState
    reason: str
    says: str
    occurred_at: datetime
    """When it happened, as the server decided."""
    clock: str
    """Empty, or why the device's clock was not believed."""
    again: bool
    """It came before; this is what became of it then."""
    subject: str | None
    """The activity, redemption or member it became."""


class RecordsDone(Struct, frozen=True):
    """One result for each record, in the order they were sent, and how the till stands."""

    server_at: datetime
    """By this the device measures how far its clock is off."""
    state: TillState
    reason: str
    results: list[RecordResult]


class AllowancesSent(Struct, frozen=True, forbid_unknown_fields=True):
    """For whom something is to be reserved, so that it can be handed over without the network."""

    members: Annotated[tuple[Whom, ...], Meta(min_length=1, max_length=MOST_MEMBERS)]


class OfflineAllowance(Struct, frozen=True, omit_defaults=True):
    """What is reserved for a member at this till, or why nothing is."""

    place: int
    """Of the member in what was sent."""
    redemption_id: str = ""
    reward: str = ""
    name: str = ""
    member_id: str = ""
    price: dict[str, int] = {}
    spend_until: datetime | None = None
    """The device hands it over until then."""
    lapses_at: datetime | None = None
    """Until then the server waits for the record of it."""
    code: str = ""
    """Why nothing is reserved."""


class AllowancesDone(Struct, frozen=True):
    """One answer for each member, in the order they were sent."""

    server_at: datetime
    items: list[OfflineAllowance]


class ReleaseSent(Struct, frozen=True, forbid_unknown_fields=True):
    """These reservations of the till are not needed any more; none said is all of them."""

    redemptions: Annotated[tuple[Id, ...], Meta(max_length=500)] = ()


class Released(Struct, frozen=True):
    """What was given back."""

    redemptions: list[str]


class Unpaired(Struct, frozen=True):
    """How the till stands."""

    server_at: datetime
    state: TillState


class SnapshotQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """What the device has already."""

    version: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    """The version of the program it has; it is not sent again."""
    since: Instant | None = None
    """`server_at` of its last snapshot: only members whom something happened to since."""
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Text | None = None


class MemberSeen(Struct, frozen=True):
    """What a till needs to greet a member and to say what they can have."""

    id: str
    number: str
    given_name: str
    locale: str
    state: str
    phone_ends: str
    """The last four digits of their telephone."""
    finds: list[str]
    """What they are found by, as digests under the till's lookup key."""
    tier: str | None
    balances: dict[str, int]
    """What can be spent, per wallet."""
    rewards: list[str]
    """What can be had now."""
    counted: MemberCounted | None = None
    """What the rules in force ask for beside the tier, and no more; nothing where it is too much,
    or where something was told ahead of time."""
    won: list[WonShown] = []
    """What they won and did not fetch yet."""


class Snapshot(Struct, frozen=True):
    """What a till is given to be cut off with; members come in pages, the one seen last first."""

    server_at: datetime
    store: str
    store_name: str
    zone: str
    till: str
    state: TillState
    version: int
    program: msgspec.Raw | None
    """The program as JSON, where the device has another version."""
    members: list[MemberSeen]
    gone: list[str] | None
    """Members who were erased or became one with another since: the device forgets them at once.
    Nothing where they are too many to list: then it forgets everybody."""
    offline: list[OfflineAllowance]
    """What is reserved at this till."""
    unsettled: list[str] | None
    """Records of this till that were not booked and that nobody settled yet: of all others the
    device lists none any more. Nothing where they are too many to list."""
    next_cursor: str | None


class SignedText(Struct, frozen=True, forbid_unknown_fields=True):
    """The text of a record, JSON in UTF-8; what is signed are the bytes as they were sent."""

    format: Literal[1]
    till: Id
    sequence: Annotated[int, Meta(ge=1, le=2**53)]
    previous: Annotated[str, Meta(min_length=43, max_length=44)]
    """SHA-256 of the signed text before, base64url; `first_previous` for the first."""
    kind: Literal["activity", "join", "redeem", "void", "credit"]
    key: Key
    device_at: Instant
    offset_ms: Whole = 0
    """The server's clock less the device's, as measured when it last heard the server."""
    heard_at: Instant | None = None
    """`server_at` of the answer it last heard."""
    cashier: Annotated[str, Meta(max_length=80)] = ""
    content: msgspec.Raw = msgspec.Raw(b"{}")


class ActivityContent(ActivitySent, frozen=True, forbid_unknown_fields=True):
    """Something happened, to a member or to whoever showed this."""

    typed: Annotated[str, Meta(min_length=1, max_length=200)] | UnsetType = UNSET
    """Instead of `member`: what was typed or scanned without the network, of somebody the device
    does not keep. Whose it is, is decided when the record comes."""


class RedeemContent(Struct, frozen=True, forbid_unknown_fields=True):
    """What was reserved was handed over."""

    redemption: Id
    reward: Slug | UnsetType = UNSET


class VoidContent(Struct, frozen=True, forbid_unknown_fields=True):
    """A sale is taken back: these pieces, or all that is left."""

    sale: SaleName
    reason: Text = ""
    returned: Annotated[tuple[ReturnedPieces, ...], Meta(max_length=MOST_LINES)] = ()


class CreditContent(Struct, frozen=True, forbid_unknown_fields=True):
    """A purchase that named nobody was this member's."""

    sale: SaleName
    member: Whom


def result_of(taken: Taken, kind: str) -> RecordResult:
    """What the device hears about a record."""
    subject = taken.subject_id
    prefix = {"join": "mem", "redeem": "red"}.get(kind, "act")
    return RecordResult(
        id=shown("rec", taken.record_id),
        sequence=taken.sequence,
        outcome=taken.state,
        reason=taken.reason,
        says=taken.says,
        occurred_at=taken.occurred_at,
        clock=taken.clock,
        again=taken.again,
        subject=None if subject is None else shown(prefix, subject),
    )


def till_id_of(till: Till) -> str:
    """The id of a till as it is shown, and signed."""
    return shown("til", till.till_id)
