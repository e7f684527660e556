"""What is done about staff: to be failed at every statement."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from tests.flows.members.staff.people import HOUSE, hires, key
from tests.isolation.scenes import Ask, of
from tests.makers import Shop, buys

from regulars.flows.access.ask_adjustments import ask_adjustments
from regulars.flows.access.commands import (
    AskAdjustment,
    AskPasskey,
    ChangeStaff,
    CountTry,
    NoteAlert,
    OpenSession,
)
from regulars.flows.access.keep_passkeys import keep_passkeys
from regulars.flows.access.keep_sessions import count_tries, keep_sessions
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.access.watch_counter import keep_alerts, watch_counter
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust
from regulars.records.access.staff.tokens import token_hash
from regulars.records.access.staff.types import By
from regulars.records.access.watching.read import alerts
from regulars.records.members.types import Asked


def hired(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Somebody of support for each, and a member."""
    shop.joined(*[f"a{n}" for n in ns])
    return [hires(shop, "support") for _ in ns]


def changes(n: int, one: Any) -> Ask:
    """They become a cashier of one store."""
    told = ChangeStaff(
        one.staff_id, HOUSE, role="cashier", stores=("main",), asked=Asked("h", f"c{n}")
    )
    return keep_staff, [told]  # fmt: skip


def asks(n: int, one: Any) -> Ask:
    """They ask for more than they may."""
    return ask_adjustments, [AskAdjustment(of("a", n), "points", 900, "slow", asked=key(one, "x"))]


def gives(n: int, one: Any) -> Ask:
    """They give as much as they may."""
    told = Adjust(of("a", n), "points", 90, "slow", one.principal, key(one, "x"))
    return adjust_balances, [told]


def signs_in(n: int, one: Any) -> Ask:
    """They sign in."""
    return keep_sessions, [OpenSession(one.staff_id, token_hash(f"t{n}"), "password", "$none$")]


def tries(n: int, one: Any) -> Ask:
    """They try to."""
    return count_tries, [CountTry((("account", token_hash(f"a{n}")), ("address", b"here%d" % n)))]


def questions(n: int, one: Any) -> Ask:
    """A passkey is asked something."""
    return keep_passkeys, [AskPasskey(token_hash(f"q{n}"))]


def bought(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Somebody earns again and again."""
    for n in ns:
        shop.joined(f"a{n}")
        shop.record(*[buys(of("a", n), 300, receipt=f"r{n}-{k}", store="main") for k in range(5)])
    return [None] * len(ns)


async def _look(tx: Any, terms: Any, batch: Sequence[Any]) -> Sequence[Any]:
    done = []
    for one in batch:
        done.append(await watch_counter(tx, terms, one))
    return done


def looks(n: int, _: Any) -> Ask:
    """The minute's look at the counter."""
    return _look, [1]


def alerted(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """An alert for each, and an owner."""
    bought(shop, ns)
    shop.ask(_look, 1)
    boss = hires(shop, "owner")
    (newest, *_) = shop.do(lambda tx, _: alerts(tx))
    return [SimpleNamespace(alert_id=newest.alert_id, staff_id=boss.staff_id)] * len(ns)


def notes(n: int, given: Any) -> Ask:
    """The owner writes beside it."""
    return keep_alerts, [NoteAlert(given.alert_id, By(given.staff_id), "looked at")]
