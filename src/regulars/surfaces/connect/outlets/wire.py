"""On the wire: which system is told of members, and how far that is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from regulars.records.outbox.hooks.outlets.types import Open, Outlet, Standing
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Instant, Limit, Text
from regulars.surfaces.connect.catching.wire import Address, ApiKey, ApiSecret


class OutletSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A system is to be told of members; what is not said stays."""

    address: Address | None = None
    """Where it is, as https://crm.example.org."""
    key: ApiKey | None = None
    """By which it lets itself be told: of a CRM its token, of Salesforce the consumer key."""
    secret: ApiSecret | None = None
    """Beside the key, of Salesforce: the consumer secret, or the private key (PEM) of the app's
    certificate; kept encrypted and shown to nobody."""
    since: Instant | None = None
    """Whoever joined or did something from then on is told as well, once more where it was."""
    client: ApiKey | None = None
    """Of Salesforce, beside a private key: the user it signs in as."""
    token_address: Address | None = None
    """Of a CRM whose mapping says `signs_in`: where its tokens are fetched, as
    https://login.example.org/oauth2/token. Then `key` and `secret` are its client there, and all of
    them go together."""
    refresh_token: ApiSecret | None = None
    """Of a CRM that signs in by a refresh token: that; kept encrypted, as is one it gives anew."""


class OutletAgainSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Members are to be told once more."""

    everybody: bool = False
    """All whom it was ever told of, though nothing is different; without it those it did not take.
    """


class OutletShown(Struct, frozen=True):
    """Which system is told of members, and how far that is."""

    address: str
    known: int
    """How many members it knows."""
    waiting: int
    """How many it is still to be told of."""
    waiting_since: datetime | None
    """Since when the first of them waits."""
    open: int
    """How many it does not take."""
    told: int
    """How many records it took."""
    told_at: datetime | None
    """When it took one last."""
    walk: str
    """Whether all members are gone through: `compare` with what it knows, `since` a day, to be told
    `again`, or nothing."""
    walk_since: datetime | None
    walk_seen: int
    """How many of them were gone through."""
    walk_of: int
    """Of so many."""
    walked_at: datetime | None
    """When the last one came to its end."""
    next_at: datetime
    """Before then it is not asked."""
    problem: str
    """Why the last try failed; nothing: it did not."""


class OutletTried(Struct, frozen=True):
    """Whether a system answers."""

    answers: bool
    problem: str


class OutletMember(Struct, frozen=True):
    """A member whom it does not take, and why."""

    member_id: str
    code: str
    field: str
    """Which of its fields it is about, where it said so."""
    problem: str
    told_at: datetime | None
    """When it took them last."""


class OutletMembersQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Some at a time."""

    limit: Limit = 50
    cursor: Text | None = None


class OutletMembersPage(Struct, frozen=True):
    """Some of whom it does not take, and where to go on."""

    items: list[OutletMember]
    has_more: bool
    next_cursor: str | None


def outlet_shown(one: Outlet, there: Standing) -> OutletShown:
    """How far it is, as the world sees it; without keys."""
    same = ("address", "told", "told_at", "walk_since", "walk_seen", "walk_of", "walked_at")
    said = {name: getattr(one, name) for name in (*same, "walk", "next_at", "problem")}
    counts: dict[str, Any] = {"known": there.known, "waiting": there.waiting, "open": there.open}
    return OutletShown(**said, **counts, waiting_since=there.since)


def open_shown(one: Open) -> OutletMember:
    """A member whom it does not take, as the world sees it."""
    id_ = shown("mem", one.member_id)
    return OutletMember(id_, one.code, one.field, one.problem, one.told_at)
