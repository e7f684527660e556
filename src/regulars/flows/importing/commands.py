"""What an import may ask: each command is one line of a file, and tells the world nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.records.imports.came.types import HadKind
from regulars.records.members.consents.types import ConsentState
from regulars.records.members.types import Asked, Attributes, Identifier, Kind, MemberRef, State
from regulars.records.once.types import digest, natural_key
from regulars.records.rewards.codes.types import CodeState

OPEN: Final = "open"
"""What opening points is called where it is known again."""


class BringMember(Struct, frozen=True, omit_defaults=True):
    """A member of another system; `id` and `number` are kept when they are ours already."""

    identifiers: tuple[Identifier, ...] = ()
    given_name: str = ""
    family_name: str = ""
    locale: str = ""
    zone: str = ""
    attributes: Attributes = {}
    joined_at: datetime | None = None
    state: State = "active"
    id: UUID | None = None
    number: str = ""
    source: str = ""
    asked: Asked = Asked()


def once_of(command: BringMember) -> UUID | None:
    """The permanent key of a member: their id here, their id there, or what they are found by."""
    if command.id is not None:
        return natural_key("regulars", command.id.hex, "member")
    for kind in ("external", "email", "phone", "card"):
        for name in command.identifiers:
            if name.kind == kind:
                told = name.value if kind == "external" else f"{kind}:{name.value}"
                return natural_key(command.source, told, "member")
    return None


class BringName(Struct, frozen=True, omit_defaults=True):
    """One more telephone number, address or card by which a member is found."""

    member: MemberRef
    kind: Kind
    value: str


class BringConsent(Struct, frozen=True, omit_defaults=True):
    """A member allowed a channel or forbade it, somewhere and at some time."""

    member: MemberRef
    channel: str
    state: ConsentState
    source: str
    changed_at: datetime


class BringTier(Struct, frozen=True, omit_defaults=True):
    """A member has this tier since then; `until` is exclusive, nothing means for ever.

    `by_rule` asks for the end the program's own rule gives from today on.
    """

    member: MemberRef
    tier: str
    since: datetime | None = None
    until: datetime | None = None
    by_rule: bool = False


class OpenLot(Struct, frozen=True, omit_defaults=True):
    """Points a member still had, with the end they were promised.

    Units: at the wallet's scale. `lot` names them within `source`, so that they come once.
    `by_rule` asks for the end the wallet's own rule gives, counted from `earned_at`. With
    `activates_at` or `cancels_at` still ahead the points are pending. `owed` turns it round: so
    much is owed since `earned_at`, and nothing that was brought over beside it pays it.
    `activity_id` is what they wait for a word about: confirming or cancelling it turns them.
    """

    member: MemberRef
    wallet: str
    units: int
    source: str
    lot: str
    earned_at: datetime | None = None
    expires_at: datetime | None = None
    by_rule: bool = False
    origin: str = ""
    activates_at: datetime | None = None
    cancels_at: datetime | None = None
    asked: Asked = Asked()
    owed: bool = False
    activity_id: UUID | None = None


def lot_key(source: str, lot: str) -> UUID:
    """The key of points from elsewhere, by what they are called there."""
    return natural_key(source, lot, "lot")


def content_of(packed: bytes) -> UUID:
    """What is kept of points that were opened, to know them again: of the command as it is packed.

    Keeps: what is called so is what the flow finds by itself.
    """
    return digest(OPEN, packed)


class OpenCount(Struct, frozen=True, omit_defaults=True):
    """What a member used of a limit, or gathered towards something, before they came here.

    Shape: `counter` by its name in the books (`limit:coffee:day:points`), `period` as counters
    count it. Without a member it is what all members together used of a budget.
    """

    counter: str
    period: int
    value: int
    member: MemberRef | None = None


class OpenShelf(Struct, frozen=True):
    """So many pieces of a reward that runs out were left."""

    shelf: str
    left: int


class BringCode(Struct, frozen=True, omit_defaults=True):
    """A code of a reward as it stood: free in its pool, handed out, used or taken out of use.

    Shape: `terms` is what was promised with it, as JSON. Of one that is over nobody is named.
    """

    reward: str
    code: str
    state: CodeState
    printed: str = ""
    member: MemberRef | None = None
    issued_at: datetime | None = None
    ends_at: datetime | None = None
    closed_at: datetime | None = None
    terms: str = ""


class BringHad(Struct, frozen=True):
    """Something a member chose, was granted, takes part in or had, as its row says it there.

    Shape: `row` is JSON, as an export has it; `id` names the thing, so that it comes once.
    """

    member: MemberRef
    kind: HadKind
    id: UUID
    row: str


class Brought(Struct, frozen=True, omit_defaults=True):
    """The member a line was about; `replayed` when it was in the books already."""

    member_id: UUID
    replayed: bool = False
