"""Everything the flows do, each with what must be there before: to be failed at every statement."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

from tests.isolation import flows, scenes
from tests.isolation.scenes import Ask, Scene, of
from tests.makers import Shop, brings_back, buys

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.api_keys import CreateKey, create_keys
from regulars.flows.commands import Redeem
from regulars.flows.recording.record_activities import record_activities


class Operation(NamedTuple):
    """One thing a flow does, and what must be there before."""

    name: str
    ask: Callable[[int, Any], Ask]
    before: Callable[[Shop, Sequence[int]], Sequence[Any]]
    again: Literal["answered", "done", "twice"] = "answered"
    """The same request again is answered as the first time; finds it done; does it twice."""
    at_once: int = 12
    """For how many runs members are made ready at once; one where a night would serve them all."""


def _nothing(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    return [None] * len(ns)


def _members(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    shop.joined(*[f"a{n}" for n in ns])
    return [None] * len(ns)


def _prepared(name: str) -> Callable[[Shop, Sequence[int]], Sequence[Any]]:
    """What a scene of tests/isolation makes ready."""
    found: Scene = next(scene for scene in scenes.PAIRS if scene.name == name)
    return found.before


_POINTS = _prepared("redeem × redeem")
_HOLD = _prepared("capture × void")
_LOT = _prepared("redeem × expire")
_HELD = _prepared("capture × lapse")
_SILVER = _prepared("tier review × earn")
_MET = _prepared("catch up × catch up")
_SLUG = _prepared("publish × earn")
_BOOKING = _prepared("confirm × cancel")
_TURNING = _prepared("activate × activate")


def _with_card(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    return shop.record(*[buys(scenes.MemberRef(card=f"A{n}"), 900) for n in ns])


def _with_early_return(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    _members(shop, ns)
    return shop.record(*[brings_back(f"sa{n}", receipt=f"r{n}") for n in ns])


def _to_nobody(n: int, _: Any) -> Ask:
    return record_activities, [buys(None, 1200, receipt=f"n{n}", asked=scenes.key(n, "x"))]


def _basket(n: int, _: Any) -> Ask:
    """A batch with something of everything: known, new, twice the same, refused, a return."""
    sale = buys(of("a", n), 800, receipt=f"b{n}", asked=scenes.key(n, "b"))
    return record_activities, [
        sale,
        buys(scenes.MemberRef(card=f"A{n}"), 300, asked=scenes.key(n, "c")),
        sale,
        brings_back(f"b{n}", (0, 99), asked=scenes.key(n, "d")),
        brings_back(f"sa{n}", asked=scenes.key(n, "e")),
    ]


def _takes_mug(n: int, given: Any) -> Ask:
    flow, (wish,) = scenes.redeems("a", "mug", "x", capture=False)(n, given)
    return flow, [wish, Redeem(of("a", n), "coffee", asked=scenes.key(n, "y"))]


async def _make_key(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return await create_keys(tx, os.urandom, batch)


def _wants_key(n: int, _: Any) -> Ask:
    return _make_key, [CreateKey(f"till {n}", ("all",), "owner", may=frozenset({"all"}))]


def _publishes(n: int, slug: str) -> Ask:
    """A version with a rule that has not been there, so that names get their numbers too."""
    flow, (source,) = scenes.publishes(n, slug)
    return flow, [source.replace("id: visit", f"id: visit-{n}")]


OPERATIONS = (
    Operation("purchase", scenes.buys_for("a", asked="x", receipt="x"), _POINTS),
    Operation("purchase with a card nobody knows", scenes.shows_card(700, "x"), _nothing),
    Operation("sale to nobody", _to_nobody, _nothing),
    Operation("visit under a cap", scenes.visits("x"), _members),
    Operation("return", scenes.returns("x"), _POINTS),
    Operation("return that waits for its sale", scenes.returns("x"), _members),
    Operation("sale with a return waiting", scenes.buys_for("a", asked="x", receipt="sa"),
              _with_early_return),
    Operation("batch of everything", _basket, _POINTS),
    Operation("reserve a coffee", scenes.redeems("a", "coffee", "x"), _POINTS),
    Operation("reserve a mug and be refused a coffee", _takes_mug, _POINTS),
    Operation("reserve and capture", scenes.redeems("a", "coffee", "x", capture=True), _POINTS),
    Operation("capture", scenes.settles("captured", "x"), _HOLD),
    Operation("void", scenes.settles("voided", "x"), _HOLD),
    Operation("confirm", scenes.says("confirmed", "x"), _BOOKING),
    Operation("cancel", scenes.says("cancelled", "x"), _BOOKING),
    Operation("adjust", scenes.corrects(-10, "x"), _POINTS),
    Operation("join", scenes.joins_with("x", external="a{n}", phone="+49301{n:06d}"), _nothing),
    Operation("join with a card that collected", scenes.joins_with("x", card="A{n}"), _with_card),
    Operation("change", scenes.changes("x", given_name="Ada", locale="de"), _members),
    Operation("link", scenes.links("a", "x"), _members),
    Operation("publish", _publishes, _SLUG, "done", 1),
    Operation("activate", scenes.works(flows.activate), _TURNING, "done", 1),
    Operation("expire", scenes.works(flows.expire), _LOT, "done", 1),
    Operation("review tiers", scenes.works(flows.review), _SILVER, "done", 1),
    Operation("lapse holds", scenes.works(flows.lapse), _HELD, "done", 1),
    Operation("catch up with late sales", scenes.works(flows.catch_up), _MET, "done", 1),
    Operation("make an API key", _wants_key, _nothing, "twice"),
)  # fmt: skip
