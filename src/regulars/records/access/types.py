"""A key and what it opens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from msgspec import Struct

Mode = Literal["live", "test"]


class Scope(StrEnum):
    """One thing a key may do. A name is for ever: kept keys carry it."""

    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    MEMBERS_ERASE = "members:erase"
    MEMBERS_EXPORT = "members:export"
    ACTIVITIES_WRITE = "activities:write"
    ACTIVITIES_APPROVE = "activities:approve"
    REDEMPTIONS_WRITE = "redemptions:write"
    ADJUSTMENTS_WRITE = "adjustments:write"
    TRANSFERS_WRITE = "transfers:write"
    COURTESY_WRITE = "courtesy:write"
    DEBTS_WRITE = "debts:write"
    MERGES_WRITE = "merges:write"
    BLOCKS_WRITE = "blocks:write"
    CODES_WRITE = "codes:write"
    BENEFITS_WRITE = "benefits:write"
    BENEFITS_GRANT = "benefits:grant"
    REFERRALS_WRITE = "referrals:write"
    CHALLENGES_WRITE = "challenges:write"
    MEMBERSHIPS_WRITE = "memberships:write"
    BANK_ACCOUNTS_WRITE = "bank_accounts:write"
    PAYOUTS_WRITE = "payouts:write"
    PARTNERS_WRITE = "partners:write"
    PARTNERS_TELL = "partners:tell"
    CLAIMS_WRITE = "claims:write"
    TIERS_WRITE = "tiers:write"
    TIERS_GRANT = "tiers:grant"
    HOUSEHOLDS_READ = "households:read"
    HOUSEHOLDS_WRITE = "households:write"
    PROGRAMS_READ = "programs:read"
    PROGRAMS_WRITE = "programs:write"
    BOOKS_READ = "books:read"
    BOOKS_CLOSE = "books:close"
    REPORTS_READ = "reports:read"
    KEYS_WRITE = "keys:write"
    WEBHOOKS_WRITE = "webhooks:write"
    INLETS_WRITE = "inlets:write"
    STORES_WRITE = "stores:write"
    TILL = "till"
    TILL_PAIR = "till:pair"
    SHOP = "shop"
    SQUARE_READ = "square:read"
    SQUARE_WRITE = "square:write"
    SQUARE_PROMOTE = "square:promote"
    ALL = "all"


class ApiKey(Struct, frozen=True):
    """A key as kept: everything but the key itself, of which we have only the digest."""

    program_id: int
    key_id: UUID
    name: str
    scopes: frozenset[str]
    mode: Mode
    created_at: datetime
    created_by: str
    revoked_at: datetime | None = None
    origins: tuple[str, ...] = ()
    """Of a public key: where the pages come from that may show it."""
    shown: str = ""
    """Of a public key alone: the key itself, which stands on those pages for everybody to read."""
    per_minute: int = 0
    """Requests a minute it may send; 0 for as many as it likes."""

    @property
    def is_open(self) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None


def of_partner(slug: str) -> str:
    """What a key opens that tells for one partner only.

    Keeps: a release that does not know this opens nothing by it.
    Example: `partners:tell:cars`.
    """
    return f"{Scope.PARTNERS_TELL}:{slug}"


def partners_of(scopes: Iterable[str]) -> frozenset[str]:
    """The partners for which alone these scopes let somebody tell."""
    prefix = of_partner("")
    return frozenset(one.removeprefix(prefix) for one in scopes if one.startswith(prefix))


def allows(scopes: Iterable[str], needed: str) -> bool:
    """Whether a key with these scopes may do this; a scope nobody knows opens nothing.

    Example: who may tell for every partner may for one; who may for one may not for every.
    """
    had = frozenset(scopes)
    whole = Scope.PARTNERS_TELL if needed.startswith(of_partner("")) else needed
    return not had.isdisjoint({Scope.ALL, needed, whole})
