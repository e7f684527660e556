"""A purchase that named nobody becomes somebody's, while something else happens to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.isolation.scenes import Ask, Scene, buys_for, key, of, redeems, returns
from tests.makers import Shop, buys, line

from regulars.flows.tills.credit_late import CreditLate, credit_late
from regulars.records.activity.types import SaleRef


def nobodys(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Two members with points, and a purchase of two coffees that named neither."""
    shop.joined(*[f"{name}{n}" for n in ns for name in "ab"])
    shop.record(*[buys(of(name, n), 1500) for n in ns for name in "ab"])
    return shop.record(*[buys(None, line(900, quantity=2), receipt=f"sa{n}") for n in ns])


def credits_late(who: str, asked: str) -> Any:
    def ask(n: int, _: Any) -> Ask:
        sale = SaleRef(source="till", external_id=f"sa{n}")
        return credit_late, [CreditLate(sale, of(who, n), key(n, asked))]

    return ask


CREDIT_PAIRS = (
    Scene("credit late × return", credits_late("a", "l"), returns("r"), nobodys),
    Scene("credit late × return of a part", credits_late("a", "l"), returns("r", (0, 1)), nobodys),
    Scene("credit late × credit late to another", credits_late("a", "l"), credits_late("b", "r"),
          nobodys),
    Scene("credit late × the same again", credits_late("a", "x"), credits_late("a", "x"), nobodys),
    Scene("credit late × earn", credits_late("a", "l"), buys_for("a", asked="r"), nobodys),
    Scene("credit late × redeem", credits_late("a", "l"), redeems(asked="r"), nobodys,
          differ=None),
)  # fmt: skip
