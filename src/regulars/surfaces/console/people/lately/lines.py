"""How a member's own balance moved, in words; and the sorts of what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from regulars.engine.words.explain import amount_in_words
from regulars.records.ledger.types import BY_PROGRAM, GIVEN, Account
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import ENTRIES, N

_MEMBERS_SIDE: Final = frozenset({Account.AVAILABLE, Account.PENDING, Account.HELD, Account.DEBT})
"""What is a member's; what is reserved for them is theirs until it is handed over."""
SORTS: Final[Mapping[str, tuple[str, list[str]]]] = MappingProxyType(
    {
        "earned": (
            N("Earned"),
            ["earn", "return", "activate", "cancel", "milestone", "restate", "open", GIVEN],
        ),
        "redeemed": (N("Redeemed"), ["hold", "capture", "void", "lapse", "refund", "repay"]),
        "expired": (N("Expired"), ["expire", "extend", "postpone", "reinstate", "write_off"]),
        "by_hand": (N("By hand"), ["adjust"]),
        "moved": (N("Moved"), ["transfer", "pool", "merge", "unmerge"]),
    }
)
"""Sorts of bookings that can be looked at alone; together they are all bookings."""
_GIVEN: Final = (N("Given by the program"), "plus")
_TAKEN: Final = (N("Taken back by the program"), "undo-2")


def booked_as(kind: str, actor: str, postings: Iterable[tuple[int, int, int]]) -> tuple[str, str]:
    """What a booking is called, and its sign.

    Example: 50 points for a friend who stayed are a correction in the books, but given by nobody's
    hand; what somebody of the shop gives is.
    """
    if kind != "adjust" or not (actor in BY_PROGRAM or actor.startswith("plan:")):
        return ENTRIES[kind]
    total = sum(amount for _, account, amount in postings if account in _MEMBERS_SIDE)
    return _GIVEN if total >= 0 else _TAKEN


def moves(here: Here, postings: Iterable[tuple[int, int, int]]) -> list[dict[str, Any]]:
    """How a member's own balance moved by these postings: wallet, account and amount of each."""
    moved: dict[int, int] = {}
    for wallet, account, amount in postings:
        if account in _MEMBERS_SIDE:
            moved[wallet] = moved.get(wallet, 0) + amount
    return [_moved(here, code, units) for code, units in sorted(moved.items()) if units]


def amount(here: Here, code: int, units: int) -> str:
    """So much of a wallet with its name, by the newest terms that know it."""
    id_ = here.terms.wallet_names[code]
    program = next(
        one.program for one in reversed(here.terms.versions) if id_ in one.program.wallets
    )
    return amount_in_words(program, id_, units, here.voice)


def _moved(here: Here, code: int, units: int) -> dict[str, Any]:
    sign = here.reader.signed(1 if units > 0 else -1)[:-1]
    return {"said": sign + amount(here, code, abs(units)), "gain": units > 0}
