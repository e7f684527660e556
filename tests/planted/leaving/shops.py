"""Bugs of web shops, and the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

ADA, EVE = "ada@example.org", "eve@example.org"
WEB_SHOPS = (
    Bug(
        "a page whose address only begins like the shop's may ask",
        "surfaces/shop/desk.py",
        "return origin in allowed",
        "return any(origin.startswith(one) for one in allowed)",
        "checks.a_page_from_elsewhere_is_told_nothing",
    ),
    Bug(
        "what a web shop holds opens the card and other shops",
        "flows/access/member_sessions.py",
        "if (session.shop_key_id, session.origin) != (shop_key_id, origin):",
        "if False:",
        "checks.in_one_shop_is_in_nowhere_else",
    ),
    Bug(
        "anybody gives back what another reserved",
        "surfaces/shop/asking.py",
        "if redemption_id not in await rewards.open_of(tx, [visit.member.id]):",
        "if False:",
        "checks.only_their_own_is_given_back",
    ),
    Bug(
        "a key that was revoked still proves who is in",
        "flows/access/member_sessions.py",
        "if key is None or not key.is_open or session.origin not in key.origins:",
        "if key is None:",
        "checks.a_revoked_key_proves_nobody",
    ),
    Bug(
        "whoever asks too often joins all the same",
        "flows/membership/join_by_codes.py",
        "for one, no in zip(batch, first, strict=True) if no is None]",
        "for one, no in zip(batch, first, strict=True)]",
        "checks.who_asks_too_often_does_not_join",
    ),
)


def _street(shop: Shop, name: str) -> tuple[Any, Any, Any]:
    """A shop of this process's own where codes can be sent, two members, and a page of a shop."""
    from tests.surfaces.counter import Counter
    from tests.surfaces.shop.page import HERE, ShopPage, shop_key

    from regulars.records.program.templates import load_template

    shop.begin(load_template("coffee-shop"), slug=f"w{os.getpid()}-{name}")
    counter = Counter(shop, channels=frozenset({"email"}))
    for email in (ADA, EVE):
        names = {"identifiers": [{"kind": "email", "value": email}]}
        assert counter.post("/v1/members", names).status_code == 201
    pages = [ShopPage(counter, shop_key(counter, HERE)) for _ in (ADA, EVE)]
    pages[1].key = pages[0].key
    for page, email in zip(pages, (ADA, EVE), strict=True):
        assert page.sign_in(email).status_code == 200
    return counter, *pages


def a_page_from_elsewhere_is_told_nothing(shop: Shop) -> None:
    _, ada, _ = _street(shop, "origin")
    ada.origin += ".evil.test"
    answer = ada.ask("member")
    assert (answer.status_code, answer.headers.get("access-control-allow-origin")) == (403, None)


def in_one_shop_is_in_nowhere_else(shop: Shop) -> None:
    from tests.surfaces.shop.page import HERE, ShopPage, shop_key

    from regulars.surfaces.signing_in import COOKIE_PLAIN

    counter, ada, _ = _street(shop, "elsewhere")
    card = counter.get("/card/me/data", key="", cookie=f"{COOKIE_PLAIN}={ada.token}")
    assert card.status_code == 303
    other = ShopPage(counter, shop_key(counter, HERE), token=ada.token)
    assert other.told("member")["member"] is None


def only_their_own_is_given_back(shop: Shop) -> None:
    counter, ada, eve = _street(shop, "back")
    sale = {"kind": "purchase", "member": {"email": ADA}}
    counter.post("/v1/activities", sale | {"amount": {"minor": 20_000, "currency": "EUR"}})
    code = ada.told("redeem", {"reward": "free-coffee", "key": "once-only"})["code"]
    assert eve.ask("give-back", {"code": code}).status_code == 404


def a_revoked_key_proves_nobody(shop: Shop) -> None:
    counter, ada, _ = _street(shop, "revoked")
    told = {"token": ada.token}
    assert counter.post("/v1/shop-visits", told).status_code == 200
    (kept, *_) = [one for one in counter.get("/v1/api-keys").json()["items"] if one["key"]]
    assert kept["key"] == ada.key
    counter.ask("DELETE", f"/v1/api-keys/{kept['id']}")
    assert counter.post("/v1/shop-visits", told).status_code == 404


def who_asks_too_often_does_not_join(shop: Shop) -> None:
    counter, ada, _ = _street(shop, "often")
    told = {"given_name": "M", "address": "often@example.org", "terms": True}
    for _ in range(3):
        ada.ask("code", {"address": told["address"]})
    assert ada.ask("join", told).status_code == 409
    found = "select 1 from identifier where program_id = $1 and value = $2"
    assert counter.shop.rows(found, told["address"]) == []


WINDOWS: dict[str, Callable[[Shop], None]] = {
    one.__name__: one
    for one in (
        a_page_from_elsewhere_is_told_nothing,
        in_one_shop_is_in_nowhere_else,
        only_their_own_is_given_back,
        a_revoked_key_proves_nobody,
        who_asks_too_often_does_not_join,
    )
}
