"""A member with money and a bank account, who is paid out, and whose bank sends it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.isolation.scenes import Ask, key, of
from tests.makers import Shop

from regulars.flows.commands import Adjust
from regulars.flows.points.payouts.commands import ReturnPayout, RunPayouts, SetAccount
from regulars.flows.points.payouts.keep_accounts import set_accounts
from regulars.flows.points.payouts.return_payouts import return_payouts
from regulars.flows.points.payouts.run_payouts import run_payouts

_SHOP = ("Kiosk", "DE89370400440532013000")
_IBAN = "GB82WEST12345698765432"
_LAST = "select redemption_id from payout where program_id = $1 order by redemption_id desc limit 1"


def has_account(n: int, _: Any) -> Ask:
    return set_accounts, [SetAccount(of("a", n), "Ada Sen", _IBAN, asked=key(n, "x"))]


def with_money(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Members `a` with 6.00 and an account; those of runs before have nothing left."""
    shop.joined(*[f"a{n}" for n in ns])
    shop.ask(run_payouts, RunPayouts(*_SHOP, actor="mia"))
    for n in ns:
        shop.adjust(Adjust(of("a", n), "cash", 600, "welcome", "mia"))
        shop.ask(set_accounts, SetAccount(of("a", n), "Ada Sen", _IBAN))
    return [None] * len(ns)


def pays_out(n: int, _: Any) -> Ask:
    return run_payouts, [RunPayouts(*_SHOP, reference=f"run {n}", actor="mia", asked=key(n, "x"))]


def paid_out(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """What the bank calls each member's pay-out; who has one has money for the next too."""
    found = []
    for n in ns:
        with_money(shop, [n])
        shop.ask(run_payouts, RunPayouts(*_SHOP, actor="mia"))
        found.append(shop.rows(_LAST)[0][0])
    return found


def sends_back(n: int, redemption: Any) -> Ask:
    wish = ReturnPayout(redemption, f"back {n}", "AC04", actor="mia", asked=key(n, "x"))
    return return_payouts, [wish]
