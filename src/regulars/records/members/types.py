"""A member as data: the person or card, the names it is found by, and what is asked of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from regulars.base.faults import Fault, Refused, UnknownMember

Kind = Literal["number", "phone", "email", "card", "external"]
"""What a member can be found by; `number` is the loyalty number we give out ourselves."""

State = Literal["active", "unregistered", "blocked", "merged", "erased"]
"""`unregistered` is a card that collects before we know whose it is; `merged` is somebody who
stands under another member now; `erased` is the pseudonym that the books keep of somebody whose
data were erased."""

AttributeName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
Attributes = dict[AttributeName, bool | int | str]
"""What the shop knows and rules may ask: `{"student": true}`."""


class Identifier(Struct, frozen=True, forbid_unknown_fields=True):
    """One way to find a member: a telephone number, an e-mail address, a card …"""

    kind: Kind
    value: str


class MemberRef(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which member is meant, said in exactly one way."""

    id: UUID | None = None
    phone: str | None = None
    email: str | None = None
    card: str | None = None
    external: str | None = None
    number: str | None = None

    def __post_init__(self) -> None:
        named = (
            (self.id is not None) + (self.phone is not None) + (self.email is not None)
            + (self.card is not None) + (self.external is not None) + (self.number is not None)
        )  # fmt: skip
        if named != 1:
            raise ValueError(
                "Name the member by exactly one of id, phone, email, card, external or number"
            )

    def said(self) -> tuple[str, ...]:
        """The fields that were given."""
        return tuple(name for name in self.__struct_fields__ if getattr(self, name) is not None)

    def identifier(self) -> Identifier | None:
        """The identifier as it was typed; nothing when the member was named by id."""
        (kind,) = self.said()
        if kind == "id":
            return None
        return Identifier(kind, getattr(self, kind))  # type: ignore[arg-type]


class Member(Struct, frozen=True):
    """A member as kept: the whole row."""

    id: UUID
    number: str
    state: State
    joined_at: datetime
    recorded_at: datetime
    given_name: str = ""
    family_name: str = ""
    locale: str = ""
    zone: str = ""
    attributes: Attributes = {}


class ShownCode(Struct, frozen=True):
    """A code was shown: of which member, of which half minute (0: it is not ours), and to whom."""

    member_id: UUID
    step: int
    by: str
    """As whom the one asks who was shown it."""


class Asked(Struct, frozen=True):
    """Who asks, and under which key it is to happen once; no key, and a repeat is a new request."""

    principal: str = ""
    key: str = ""
    shown: ShownCode | None = None
    """The code of a member's card that was shown to them, to prove that the member is there."""
    till: str = ""
    """The till that asks, of a sale: what it reserved to pay for it is taken with it."""
    alone: bool = False
    """A cashier asks and nobody agreed: above the shop's `redeem_limit` it is refused."""


class JoinMember(Struct, frozen=True, omit_defaults=True):
    """Somebody joins: how to find them, and what they told us."""

    identifiers: tuple[Identifier, ...] = ()
    given_name: str = ""
    family_name: str = ""
    locale: str = ""
    zone: str = ""
    attributes: Attributes = {}
    joined_at: datetime | None = None
    source: str = ""
    """The till, shop or file that sends them; with an external id it makes a permanent key."""
    asked: Asked = Asked()
    again: bool = False
    """They were erased and ask to join anew; without it a name on the erasure list is set aside."""
    birthday: str = ""
    """As a day: `2011-02-28`."""
    country: str = ""
    """Where they live, in two letters."""
    guardian: MemberRef | None = None
    """The member who answers for somebody under age."""
    invited_by: MemberRef | None = None
    actor: str = ""
    """Who of the shop lets them in."""


class Joined(Struct, frozen=True, omit_defaults=True):
    """The answer to a member who joined; kept, and given again to whoever repeats the request."""

    member_id: UUID
    number: str
    joined_at: datetime
    upgraded: bool = False
    """A card that had collected before now has its person, and keeps its points."""
    replayed: bool = False


class ChangeMember(Struct, frozen=True, omit_defaults=True):
    """What a member wants changed; what is not said stays, an attribute set to null goes."""

    member: MemberRef
    given_name: str | UnsetType = UNSET
    family_name: str | UnsetType = UNSET
    locale: str | UnsetType = UNSET
    zone: str | UnsetType = UNSET
    attributes: dict[AttributeName, bool | int | str | None] | UnsetType = UNSET
    asked: Asked = Asked()


class LinkIdentifiers(Struct, frozen=True, omit_defaults=True):
    """Give a member more names to be found by, take others away; both for a lost card."""

    member: MemberRef
    link: tuple[Identifier, ...] = ()
    unlink: tuple[Identifier, ...] = ()
    asked: Asked = Asked()


class Changed(Struct, frozen=True, omit_defaults=True):
    """The answer to a change: the member it was, in the state it is in now."""

    member_id: UUID
    state: State
    replayed: bool = False


class Block(NamedTuple):
    """A member was blocked, or let go again; `before` is the state that ended."""

    member_id: UUID
    block_id: UUID
    blocked: bool
    before: str
    actor: str
    reason: str


class Blocked(Struct, frozen=True):
    """That a member was blocked, or let go again: by whom, why, and when it was written down."""

    block_id: UUID
    blocked: bool
    actor: str
    reason: str
    recorded_at: datetime


class IdentifierTaken(Fault):
    """Somebody else is already found by this telephone number, e-mail address or card."""

    code = "identifier_taken"
    category = "conflict"


class MemberErased(Fault):
    """This person's data were erased on request; nothing was booked and nobody comes back."""

    code = "member_erased"
    category = "gone"


class EraseMember(Struct, frozen=True, omit_defaults=True):
    """Everything personal of this member goes. `erased_at` is now, or when it was done first."""

    member_id: UUID
    erased_at: datetime | None = None
    asked: Asked = Asked()


class Erased(Struct, frozen=True, omit_defaults=True):
    """The answer to an erasure; asked again, the first one."""

    member_id: UUID
    erased_at: datetime
    voided: int = 0
    """Redemptions that were open and were given back first."""
    replayed: bool = False


def erased_refused() -> Refused:
    """The refusal of whatever somebody who was erased would do or get."""
    return Refused("member_erased", "this person's data were erased on request")


def blocked_refused() -> Refused:
    """The refusal of what the program does not let blocked members do."""
    return Refused("member_blocked", "this member is blocked; ask the owner of the program")


def nobody(field: str = "") -> UnknownMember:
    """The fault for an id under which nobody is a member here."""
    return UnknownMember("nobody here has this id; check it for a slip", field=field)


def erased_fault(field: str = "/member") -> MemberErased:
    """The fault for whatever is told or asked of somebody who was erased."""
    return MemberErased(
        "This person's data were erased on request",
        field=field,
        mend="If they ask to join again, let them join with `again`; nothing else does it",
    )
