"""A member who takes part in a challenge, and one who reached it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tests.isolation.scenes import Ask, key, of
from tests.makers import Shop, buys

from regulars.flows.commands import RecordActivity
from regulars.flows.points.choosing.choose_one import choose_one
from regulars.flows.points.choosing.commands import ChooseOne
from regulars.flows.points.gaming.commands import TakePart
from regulars.flows.points.gaming.take_part import take_part


def takes_part(n: int, _: Any) -> Ask:
    return take_part, [TakePart(of("a", n), "nine", key(n, "x"))]


def chooses(n: int, _: Any) -> Ask:
    return choose_one, [ChooseOne(of("a", n), "seat", "sun", asked=key(n, "x"))]


def with_reached(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Members `a` who took part an hour ago and bought enough since."""
    noon = shop.now
    shop.now = noon - timedelta(hours=1)
    shop.joined(*[f"a{n}" for n in ns])
    shop.ask(take_part, *[TakePart(of("a", n), "nine") for n in ns])
    shop.now = noon
    shop.record(*[buys(of("a", n), 900, receipt=f"g{n}") for n in ns])
    return [None] * len(ns)


def with_enough(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Members `a` whose balance has reached what is taken by itself."""
    shop.joined(*[f"a{n}" for n in ns])
    shop.record(*[RecordActivity("spark", of("a", n), source="till") for n in ns])
    return [None] * len(ns)
