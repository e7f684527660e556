"""A member with a code, a newcomer who names it, and one whose purchase is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tests.isolation.scenes import Ask, key, of
from tests.makers import Shop, buys

from regulars.flows.points.referring.commands import GiveCode, NameReferral
from regulars.flows.points.referring.name_referrals import give_codes, name_referrals


def wants_code(n: int, _: Any) -> Ask:
    return give_codes, [GiveCode(of("a", n), {"device": f"d{n}"}, key(n, "x"))]


def with_code(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Members `a` with a code, and newcomers `b`."""
    shop.joined(*[f"{name}{n}" for n in ns for name in "ab"])
    return [one.code for one in shop.ask(give_codes, *[GiveCode(of("a", n)) for n in ns])]


def names(n: int, code: Any) -> Ask:
    wish = NameReferral(of("b", n), code if isinstance(code, str) else "", asked=key(n, "x"))
    return name_referrals, [wish]


def with_kept_purchase(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Each newcomer named a code, and bought something whose day for returns ends now."""
    noon = shop.now
    shop.now = noon - timedelta(days=2)
    codes = with_code(shop, ns)
    wishes = [NameReferral(of("b", n), code) for n, code in zip(ns, codes, strict=True)]
    shop.ask(name_referrals, *wishes)
    shop.record(*[buys(of("b", n), 900, receipt=f"k{n}") for n in ns])
    shop.now = noon - timedelta(hours=25)
    shop.night("settle_referrals")
    shop.now = noon
    return [None] * len(ns)
