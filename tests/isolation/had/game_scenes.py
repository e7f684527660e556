"""A member who takes part in a challenge, one who reached it, and one with a ticket of a draw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from msgspec.structs import replace
from tests.isolation.scenes import Ask, key, of
from tests.makers import NOON, Shop, buys

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity
from regulars.flows.points.choosing.choose_one import choose_one
from regulars.flows.points.choosing.commands import ChooseOne
from regulars.flows.points.gaming.commands import (
    AnnounceDraw,
    CloseDraw,
    DrawTold,
    HoldDraw,
    TakePart,
)
from regulars.flows.points.gaming.hold_draws import announce_draws, close_draws, hold_draws
from regulars.flows.points.gaming.keep_teams import form_teams, join_teams, leave_teams
from regulars.flows.points.gaming.take_part import take_part
from regulars.flows.points.gaming.team_commands import FormTeam, JoinTeam, LeaveTeam, TeamTold


def takes_part(n: int, _: Any) -> Ask:
    return take_part, [TakePart(of("a", n), "nine", key(n, "x"))]


def forms(n: int, _: Any) -> Ask:
    return form_teams_, [FormTeam(of("a", n), "pair", asked=key(n, "x"))]


def joins(n: int, code: Any) -> Ask:
    return join_teams_, [JoinTeam(of("b", n), code, asked=key(n, "x"))]


def leaves(n: int, _: Any) -> Ask:
    return leave_teams_, [LeaveTeam(of("a", n), "pair", key(n, "x"))]


def with_team(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Teams of members `a`, each by itself, and a member `b` beside each; the codes of them."""
    shop.joined(*[f"{name}{n}" for n in ns for name in "ab"])
    formed = shop.ask(form_teams, *[FormTeam(of("a", n), "pair") for n in ns])
    return [one.code for one in formed]


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


_DAYS = f"from_on: {NOON:%Y-%m-%d}, until_on: {NOON + timedelta(days=1):%Y-%m-%d}"
DRAWING = """
regulars: 1
program: drawing
name: The drawing kiosk
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rewards:
  - {id: pen, name: A pen, price: {points: 1}, stock: 60, gives: {kind: item}}
draws:
""" + "\n".join(
    f"  - {{id: d{n}, name: D, {_DAYS}, prize: A pen, words: lottery, counts: {{stores: [s{n}]}},"
    " gives: [{reward: pen}]}"
    for n in range(1, 51)
)


def announces(n: int, _: Any) -> Ask:
    return _announce, [AnnounceDraw(f"d{n}", key(n, "x"))]


def closes(n: int, _: Any) -> Ask:
    return _close, [CloseDraw(f"d{n}", key(n, "x"))]


def holds(n: int, _: Any) -> Ask:
    return _hold, [HoldDraw(f"d{n}", "4 8 15", key(n, "x"))]


def at_noon(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    shop.joined(*[f"a{n}" for n in ns])
    return [None] * len(ns)


def with_ticket(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Somebody beside each, alone in a draw of their own, whose days are over."""
    shop.now = NOON
    at_noon(shop, ns)
    shop.joined(*[f"t{n}" for n in ns])
    shop.ask(announce_draws, *[AnnounceDraw(f"d{n}") for n in ns])
    shop.record(*[buys(of("t", n), 900, receipt=f"t{n}", store=f"s{n}") for n in ns])
    shop.now = NOON + timedelta(days=1)
    return [None] * len(ns)


async def form_teams_(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return _coded(await form_teams(tx, terms, batch))


async def join_teams_(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return _coded(await join_teams(tx, terms, batch))


async def leave_teams_(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return _coded(await leave_teams(tx, terms, batch))


def _coded(told: Sequence[Any]) -> Sequence[Any]:
    """Without codes, which are others each time."""
    return [replace(one, code="") if isinstance(one, TeamTold) else one for one in told]


async def _announce(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return _plain(await announce_draws(tx, terms, batch))


async def _close(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return _plain(await close_draws(tx, terms, batch))


async def _hold(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return _plain(await hold_draws(tx, terms, batch))


def _plain(told: Sequence[Any]) -> Sequence[Any]:
    """Without secrets and names, which are others each time."""
    return [
        (one.kept.tickets, [each.won for each in one.entrants])
        if isinstance(one, DrawTold)
        else one
        for one in told
    ]
