"""Pairs in which points move by hand while something else happens to the same members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tests.isolation import flows
from tests.isolation.scenes import (
    Ask,
    Scene,
    buys_for,
    key,
    of,
    redeems,
    returns,
    with_points,
    works,
)
from tests.makers import Shop, brings_back

from regulars.flows.commands import Adjust
from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import (
    BlockMember,
    EnterHousehold,
    FoundHousehold,
    MergeMembers,
    UnmergeMember,
)
from regulars.flows.membership.keep_households import enter_households, found_households
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.membership.unmerge_members import unmerge_members
from regulars.flows.points.commands import RedeemTogether, Transfer, WriteOff
from regulars.flows.points.redeem_together import redeem_together
from regulars.flows.points.transfer_points import transfer_points
from regulars.flows.points.write_off_debts import write_off_debts

SAID: dict[str, Any] = {"reason": "as agreed", "actor": "mia"}


def gives(who: str, to: str, units: int, asked: str) -> Any:
    def ask(n: int, _: Any) -> Ask:
        wish = Transfer(of(who, n), of(to, n), "points", units, asked=key(n, asked))
        return transfer_points, [wish]

    return ask


def merges(who: str, into: str, asked: str) -> Any:
    def ask(n: int, _: Any) -> Ask:
        return merge_members, [MergeMembers(of(who, n), of(into, n), asked=key(n, asked), **SAID)]

    return ask


def unmerges(asked: str) -> Any:
    def ask(n: int, merged: Any) -> Ask:
        return unmerge_members, [UnmergeMember(merged.member_id, asked=key(n, asked), **SAID)]

    return ask


def blocks(asked: str) -> Any:
    def ask(n: int, _: Any) -> Ask:
        return block_members, [BlockMember(of("a", n), True, asked=key(n, asked), **SAID)]

    return ask


def writes_off(asked: str) -> Any:
    def ask(n: int, _: Any) -> Ask:
        return write_off_debts, [WriteOff(of("a", n), "stars", asked=key(n, asked), **SAID)]

    return ask


def takes_together(who: str, asked: str) -> Any:
    def ask(n: int, home: Any) -> Ask:
        wish = RedeemTogether(home, of(who, n), "coffee", asked=key(n, asked))
        return redeem_together, [wish]

    return ask


def _two(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    return with_points(shop, ns, names="ab")[::2]


def _merged(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    _two(shop, ns)
    return shop.ask(merge_members, *[MergeMembers(of("a", n), of("b", n), **SAID) for n in ns])


def _owing(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """A star is owed, since longer than the night waits."""
    noon = shop.now
    shop.now = noon - timedelta(minutes=2)
    sold = with_points(shop, ns)
    shop.adjust(*[Adjust(of("a", n), "stars", -1, "spent", "mia") for n in ns])
    shop.record(*[brings_back(f"sa{n}") for n in ns])
    shop.now = noon
    return sold


def _at_home(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Two with 6 points each; together they reach a coffee once."""
    with_points(shop, ns, 6, "ab")
    homes = [one.household_id for one in
             shop.ask(found_households, *[FoundHousehold(of("a", n)) for n in ns])]  # fmt: skip
    shop.ask(
        enter_households,
        *[EnterHousehold(home, of("b", n)) for home, n in zip(homes, ns, strict=True)],
    )
    return homes


MOVING_PAIRS = (
    Scene("transfer A to B × transfer B to A", gives("a", "b", 12, "l"), gives("b", "a", 15, "r"),
          _two),
    Scene("transfer × the same transfer again", gives("a", "b", 9, "x"), gives("a", "b", 9, "x"),
          _two),
    Scene("transfer × redeem", gives("a", "b", 9, "l"), redeems(asked="r"), _two),
    Scene("merge × earn", merges("a", "b", "l"), buys_for("a", asked="r"), _two),
    Scene("merge × redeem", merges("a", "b", "l"), redeems(asked="r"), _two),
    Scene("merge × return", merges("a", "b", "l"), returns("r"), _two),
    Scene("merge A into B × merge B into A", merges("a", "b", "l"), merges("b", "a", "r"), _two),
    Scene("merge × transfer", merges("a", "b", "l"), gives("b", "a", 9, "r"), _two),
    Scene("unmerge × earn", unmerges("l"), buys_for("a", asked="r"), _merged),
    Scene("unmerge × redeem", unmerges("l"), redeems("b", asked="r"), _merged),
    Scene("unmerge × the same unmerge again", unmerges("x"), unmerges("x"), _merged),
    Scene("block × redeem", blocks("l"), redeems(asked="r"), with_points),
    Scene("write-off × earn", writes_off("l"), buys_for("a", asked="r", minor=2_000), _owing),
    Scene("write-off by hand × by the night", writes_off("l"), works(flows.forgive), _owing,
          at_once=1, books_only=True),
    Scene("household × household, one coffee", takes_together("a", "l"), takes_together("b", "r"),
          _at_home),
    Scene("household × transfer", takes_together("a", "l"), gives("b", "a", 5, "r"), _at_home),
)  # fmt: skip
