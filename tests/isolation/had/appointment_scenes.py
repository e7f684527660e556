"""Pairs about appointments: two want the last place at a time, or one is moved meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from tests.isolation.scenes import Ask, Scene, buys_for, key, of
from tests.makers import NOON, Shop

from regulars.flows.membership.benefits.keep_appointments import (
    check_in_uses,
    miss_uses,
    move_uses,
)
from regulars.flows.membership.benefits.use_benefits import undo_uses, use_benefits
from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import (
    BlockMember,
    CheckInUse,
    MergeMembers,
    MissUse,
    MoveUse,
    UndoUse,
    UseBenefit,
)
from regulars.flows.membership.merge_members import merge_members

SAID: dict[str, Any] = {"reason": "as agreed", "actor": "mia"}


class Booked(NamedTuple):
    """Two times, and the use of whoever has the first of them."""

    times: tuple[Any, Any]
    use_id: Any = None


def _times(shop: Shop, n: int) -> tuple[Any, Any]:
    """Nine and ten of a day of their own."""
    day = (shop.now + timedelta(days=2 + n)).date().isoformat()
    return shop.local(f"{day}T09:00"), shop.local(f"{day}T10:00")


def members(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Members `a` and `b`, and the times of a day of their own; nobody has booked."""
    shop.joined(*[f"{name}{n}" for n in ns for name in "ab"])
    return [Booked(_times(shop, n)) for n in ns]


def with_one(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """The same, and `a` has the first of the two."""
    given = members(shop, ns)
    used = shop.ask(
        use_benefits, *[_books("a", n, one.times[0]) for n, one in zip(ns, given, strict=True)]
    )
    return [Booked(one.times, done.use_id) for one, done in zip(given, used, strict=True)]


def begun(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """The same, joined on one day whatever the run, and the time has come."""
    shop.now = NOON
    given = with_one(shop, ns)
    shop.now = NOON + timedelta(days=200)
    return given


def on_the_day(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Each `a` sits on the bench of today, which has room for all; it is not nine yet."""
    shop.now = NOON
    given = members(shop, ns)
    times = _times(shop, 0)
    used = shop.ask(use_benefits, *[UseBenefit(of("a", n), "bench", from_at=times[0]) for n in ns])
    shop.now = times[0] - timedelta(minutes=10)
    return [Booked(one.times, done.use_id) for one, done in zip(given, used, strict=True)]


def _books(who: str, n: int, at: Any, asked: str = "") -> UseBenefit:
    said = key(n, asked) if asked else UseBenefit(of(who, n), "chair").asked
    return UseBenefit(of(who, n), "chair", from_at=at, asked=said)


def books(who: str, which: int, asked: str) -> Any:
    def ask(n: int, given: Any) -> Ask:
        return use_benefits, [_books(who, n, given.times[which], asked)]

    return ask


def moves(asked: str) -> Any:
    def ask(n: int, given: Any) -> Ask:
        return move_uses, [MoveUse(given.use_id, given.times[1], key(n, asked))]

    return ask


def cancels(asked: str) -> Any:
    def ask(n: int, given: Any) -> Ask:
        return undo_uses, [UndoUse(given.use_id, key(n, asked))]

    return ask


def stays_away(asked: str) -> Any:
    def ask(n: int, given: Any) -> Ask:
        return miss_uses, [MissUse(given.use_id, key(n, asked))]

    return ask


def comes(asked: str) -> Any:
    def ask(n: int, given: Any) -> Ask:
        return check_in_uses, [CheckInUse(given.use_id, key(n, asked))]

    return ask


def blocks(asked: str) -> Any:
    def ask(n: int, _: Any) -> Ask:
        return block_members, [BlockMember(of("a", n), True, asked=key(n, asked), **SAID)]

    return ask


def merges(asked: str) -> Any:
    def ask(n: int, _: Any) -> Ask:
        return merge_members, [MergeMembers(of("a", n), of("b", n), asked=key(n, asked), **SAID)]

    return ask


APPOINTMENT_PAIRS = (
    Scene("last place × last place", books("a", 0, "l"), books("b", 0, "r"), members),
    Scene("book × the same again", books("a", 0, "x"), books("a", 0, "x"), members),
    Scene("cancel × book the place", cancels("l"), books("b", 0, "r"), with_one),
    Scene("move × book the place it leaves", moves("l"), books("b", 0, "r"), with_one),
    Scene("move × book the place it wants", moves("l"), books("b", 1, "r"), with_one),
    Scene("move × cancel", moves("l"), cancels("r"), with_one),
    Scene("move × move", moves("l"), moves("r"), with_one),
    Scene("book × block", books("a", 0, "l"), blocks("r"), members),
    Scene("move × merge", moves("l"), merges("r"), with_one, differ=None),
    Scene("book × earn", books("a", 0, "l"), buys_for("a", asked="r"), members),
)
