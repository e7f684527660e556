"""Balances along two times, on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from regulars.records.ledger.types import Balance
from regulars.surfaces.api.wire.parts import Instant, instant_of


class BalancesQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """As of when, and as known when."""

    as_of: Instant | None = None
    """What had happened by then; everything when not said."""
    as_known: Instant | None = None
    """What we had booked by then; everything when not said."""


class BalanceShown(Struct, frozen=True):
    """What one wallet held, in units of its scale."""

    available: int
    pending: int
    held: int
    debt: int
    earned: int
    """Everything earned until then, net of returns."""


class BalancesShown(Struct, frozen=True):
    """What a member held as of one instant, as known at another."""

    member_id: str
    as_of: datetime | None
    as_known: datetime | None
    wallets: dict[str, BalanceShown]


def balances_shown(
    member_id: str,
    times: tuple[datetime | None, datetime | None],
    names: Mapping[int, str],
    found: Mapping[int, Balance],
) -> BalancesShown:
    """Every wallet of the program; one in which nothing had moved holds nothing."""
    wallets = {}
    for code, name in sorted(names.items()):
        one = found.get(code, Balance())
        wallets[name] = BalanceShown(one.available, one.pending, one.held, one.debt, one.earned)
    return BalancesShown(member_id, *times, wallets)


def times_of(query: BalancesQuery) -> tuple[datetime | None, datetime | None]:
    """Both instants in UTC. Faults: Invalid at the parameter."""
    return instant_of(query.as_of, "as_of"), instant_of(query.as_known, "as_known")
