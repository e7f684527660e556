"""A partner with a limit, a member who collects there, and one who misses something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from msgspec.structs import replace
from tests.isolation.scenes import Ask, key, of
from tests.makers import Shop

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.points.partners.answer_lines import answer_lines
from regulars.flows.points.partners.book_activities import (
    book_activities,
    book_payments,
    take_back,
)
from regulars.flows.points.partners.claim_activities import (
    decide_claims,
    file_claims,
    open_disputes,
)
from regulars.flows.points.partners.commands import (
    AnswerLine,
    Booked,
    BookPayment,
    Decide,
    DecisionMade,
    FileClaim,
    KeepPartner,
    OpenDispute,
    PartnerActivity,
    PartnerKept,
    Settle,
    SignContract,
    TakeBack,
)
from regulars.flows.points.partners.keep_partners import keep_partners, sign_contracts
from regulars.flows.points.partners.settle_accounts import settle_accounts

_SAID: dict[str, Any] = {"actor": "mia"}


def with_partner(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Members `a`, and a partner whose customers they are."""
    shop.joined(*[f"a{n}" for n in ns])
    shop.ask(keep_partners, KeepPartner("cars", "Cars", **_SAID))
    shop.ask(sign_contracts, _contract())
    return [None] * len(ns)


def _contract(**more: Any) -> SignContract:
    said: dict[str, Any] = {"price_minor": 833, "per_units": 1_000, "currency": "EUR"}
    return SignContract("cars", "accrual", "stars", limit_minor=10**9, **said, **_SAID, **more)


def keeps(n: int, _: Any) -> Ask:
    return _keep_partners, [KeepPartner(f"bikes-{n}", "Bikes", asked=key(n, "x"), **_SAID)]


def signs(n: int, _: Any) -> Ask:
    return sign_contracts, [_contract(asked=key(n, "x"))]


def pays(n: int, _: Any) -> Ask:
    wish = BookPayment("cars", 500, "EUR", f"pack {n}", asked=key(n, "x"), **_SAID)
    return _book_payments, [wish]


def _activity(n: int, **more: Any) -> PartnerActivity:
    return PartnerActivity("cars", "accrual", of("a", n), "stars", 300, f"c{n}", **_SAID, **more)


def collects(n: int, _: Any) -> Ask:
    return _book_activities, [_activity(n, asked=key(n, "x"))]


def collected(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """What each collected, told by the partner."""
    with_partner(shop, ns)
    return shop.ask(book_activities, *[_activity(n) for n in ns])


def brings_back(n: int, _: Any) -> Ask:
    wish = TakeBack("cars", "accrual", f"c{n}", f"b{n}", 100, asked=key(n, "x"), **_SAID)
    return _take_back, [wish]


def _claim(shop_now: Any, n: int, **more: Any) -> FileClaim:
    return FileClaim("cars", of("a", n), "stars", 30, f"t{n}", shop_now, **_SAID, **more)


def now_of(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    with_partner(shop, ns)
    return [shop.now] * len(ns)


def claims(n: int, now: Any) -> Ask:
    return file_claims, [_claim(now, n, asked=key(n, "x"))]


def claimed(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    with_partner(shop, ns)
    return shop.ask(file_claims, *[_claim(shop.now, n) for n in ns])


def grants(n: int, claim: Any) -> Ask:
    wish = Decide("claim", claim.claim_id, "granted", "mia", "a receipt", asked=key(n, "x"))
    return _decide, [wish]


def disputes(n: int, line: Any) -> Ask:
    return open_disputes, [OpenDispute(line.entry_id, "cars", "not ours", asked=key(n, "x"))]


def yesterday(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """What each collected on the day before, with a partner of its own."""
    today, lines = shop.now, list[Any]()
    shop.now = today - timedelta(days=1)
    shop.joined(*[f"a{n}" for n in ns])
    for n in ns:
        shop.ask(keep_partners, KeepPartner(f"boats-{n}", "Boats", **_SAID))
        shop.ask(sign_contracts, replace(_contract(), partner=f"boats-{n}"))
        lines += shop.ask(book_activities, replace(_activity(n), partner=f"boats-{n}"))
    shop.now = today
    return lines


def settles(n: int, _: Any) -> Ask:
    return settle_accounts, [Settle(f"boats-{n}", asked=key(n, "x"), **_SAID)]


def settled(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """The same, settled."""
    lines = yesterday(shop, ns)
    for n in ns:
        shop.ask(settle_accounts, Settle(f"boats-{n}", **_SAID))
    return lines


def answers(n: int, line: Any) -> Ask:
    said = {"answer": "disputed", "actor": "boats", "reason": "no", "asked": key(n, "x")}
    return answer_lines, [AnswerLine(f"boats-{n}", line.entry_id, **said)]  # type: ignore[arg-type]


async def _keep_partners(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    outcomes = await keep_partners(tx, terms, batch)
    return [replace(one, slug="") if isinstance(one, PartnerKept) else one for one in outcomes]


async def _book_payments(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return _apart(await book_payments(tx, terms, batch))


async def _book_activities(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return _apart(await book_activities(tx, terms, batch))


async def _take_back(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return _apart(await take_back(tx, terms, batch))


async def _decide(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    outcomes = await decide_claims(tx, terms, batch)
    return [
        replace(one, booked=_apart([one.booked])[0]) if isinstance(one, DecisionMade) else one
        for one in outcomes
    ]


def _apart(outcomes: Sequence[Any]) -> list[Any]:
    """What stands in the account depends on the runs before, and is no part of the answer here."""
    return [replace(one, balance_minor=0) if isinstance(one, Booked) else one for one in outcomes]
