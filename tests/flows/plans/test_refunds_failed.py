"""Refunds that succeeded and failed later: told in one batch or one by one, the books are one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.plans.houses import ROASTERY, start, turn
from tests.makers import Shop

from regulars.flows.commands import Adjust
from regulars.flows.membership.plans.commands import TurnMembership
from regulars.flows.membership.plans.keep_memberships import turn_memberships
from regulars.flows.membership.plans.show_memberships import show_membership
from regulars.records.members.types import MemberRef

Said = tuple[str, str, str, int | None]
"""What, its number, of which payment or refund, how much."""
LAPSING = ROASTERY.replace("points: {}", "points: {expiry: {after: 45 days, round_up_to: day}}", 1)
OWING = ROASTERY.replace("points: {}", "points: {negative: debt}", 1)
PART: list[Said] = [("refunded", "re_1", "in_2", 400), ("restored", "re_1", "re_1", None)]
WHOLE: list[Said] = [("refunded", "re_1", "in_2", None), ("restored", "re_1", "re_1", None)]
TOLD: dict[str, list[Said]] = {
    "part": PART,
    "whole": WHOLE,
    "of a term that is over": [("refunded", "re_1", "in_1", None), PART[1]],
    "two, and one told twice": [
        *PART[:1], ("refunded", "re_2", "in_2", 600), PART[1], *[("restored", "re_2", "re_2", None)] * 2,
    ],
    "and given back after all": [*WHOLE, ("refunded", "re_3", "in_2", None)],
    "of a term paid ahead": [
        ("paid", "in_3", "", None), ("refunded", "re_1", "in_3", None), WHOLE[1],
    ],
    "its failing first": WHOLE[::-1],
}  # fmt: skip
LATE = datetime(2027, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("source", "spent", "left"), [(ROASTERY, 0, 200), (LAPSING, 0, 100), (OWING, 170, 30)]
)
def test_at_once_or_one_by_one_now_or_late_it_is_the_same(
    open_shop: Callable[[str], Shop], source: str, spent: int, left: int
) -> None:
    shop = open_shop(source)
    ways = list(product(TOLD, (None, LATE), (True, False)))
    begun = _two_months(shop, [f"m{at}" for at, _ in enumerate(ways)])
    for at, _ in enumerate(ways if spent else ()):
        shop.adjust(Adjust(MemberRef(external=f"m{at}"), "points", -spent, "a mug", "Mia"))
    stands: dict[tuple[str, bool], list[Any]] = {}
    for at, (name, when, apart) in enumerate(ways):
        words = [_word(begun[at], f"m{at}", one, when) for one in TOLD[name]]
        rounds = [[one] for one in words] if apart else [words]
        came = [_shape(out) for some in rounds for out in shop.ask(turn_memberships, *some)]
        stands.setdefault((name, when is None), []).append((_stands(shop, begun[at], at), came))
    for key, (apart, at_once) in stands.items():
        assert at_once == apart, key
    (_, what, has), _ = stands["part", True][1]
    assert (what[-2:], has) == (["refunded", "restored"], {"points": (left, 0, 0)})
    (_, what, has), (no, yes) = stands["its failing first", True][1]
    assert not spent or has == {"points": (0, 0, 70)}, "what was spent is owed"
    assert (no[1:], yes[0], what[-1]) == (("not_found", "/payment"), "ended", "refunded")
    shop.run(assert_books_right(shop.made.owner_dsn))


def _two_months(shop: Shop, names: list[str]) -> list[Any]:
    """Each paid for April and May; it is the twentieth of May."""
    shop.at("2027-04-01T15:00")
    shop.joined(*names)
    begun = [
        start(shop, MemberRef(external=one), source=f"pay-{one}", external_id="in_1")
        for one in names
    ]
    shop.at("2027-05-01T15:00")
    for one, name in zip(begun, names, strict=True):
        turn(shop, one, "paid", source=f"pay-{name}", external_id="in_2")
    shop.at("2027-05-20T15:00")
    return begun


def _word(begun: Any, name: str, said: Said, when: datetime | None) -> TurnMembership:
    what, number, payment, minor = said
    return TurnMembership(
        begun.membership_id, what, minor, "EUR" if minor else "",  # type: ignore[arg-type]
        source=f"pay-{name}", external_id=number, payment=payment, occurred_at=when,
    )  # fmt: skip


def _stands(shop: Shop, begun: Any, at: int) -> Any:
    look = shop.do(lambda tx, terms: show_membership(tx, terms, begun.membership_id))
    fields = ("state", "until_at", "paid_minor", "returned_minor", "units", "units_back", "step")
    found = tuple(getattr(look[1].one, name) for name in fields)
    return found, [one.what for one in look[2]], shop.balances(f"m{at}")


def _shape(outcome: Any) -> Any:
    if hasattr(outcome, "amount_minor"):
        return outcome.state, outcome.amount_minor, outcome.paid_minor, outcome.balances
    return type(outcome), outcome.code, getattr(outcome, "field", "")
