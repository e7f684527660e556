"""Pairs about codes: one is shown at two tills at once, or withdrawn while it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.isolation.scenes import Ask, Scene, key, of
from tests.makers import Shop

from regulars.flows.points.codes.commands import IssueCodes, UseCode, WithdrawCode
from regulars.flows.points.codes.issue_codes import issue_codes
from regulars.flows.points.codes.use_codes import use_codes, withdraw_codes

SAID: dict[str, Any] = {"reason": "as agreed", "actor": "mia"}


def shows(asked: str) -> Any:
    def ask(n: int, code: str) -> Ask:
        return use_codes, [UseCode(code, asked=key(n, asked))]

    return ask


def withdraws(asked: str) -> Any:
    def ask(n: int, code: str) -> Ask:
        return withdraw_codes, [WithdrawCode(code, asked=key(n, asked), **SAID)]

    return ask


def of_members(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Somebody with a code that can be used, each."""
    shop.joined(*[f"a{n}" for n in ns])
    wish = IssueCodes("voucher", members=tuple(of("a", n) for n in ns), **SAID)
    (issued,) = shop.ask(issue_codes, wish)
    return [one.code for one in issued.codes]


def of_anybody(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """A voucher for whoever shows it, each."""
    (issued,) = shop.ask(issue_codes, IssueCodes("voucher", times=len(ns), **SAID))
    return [one.code for one in issued.codes]


CODE_PAIRS = (
    Scene("code × the same code", shows("l"), shows("r"), of_members),
    Scene("voucher × the same voucher", shows("l"), shows("r"), of_anybody),
    Scene("voucher × withdrawal", shows("l"), withdraws("r"), of_anybody),
    Scene("withdrawal × withdrawal", withdraws("l"), withdraws("r"), of_members, differ=False),
)
