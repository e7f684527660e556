"""Webhooks are made in a shop by one button; what they sign by is kept before anybody sees it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.surfaces.connect.square_tills.hook import Endpoint as Till
from tests.surfaces.connect.stripe.hook import Endpoint as Payer
from tests.surfaces.connect.woocommerce.shop import AT, Hook, WooShop
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.surfaces.connect.catching import shops
from regulars.surfaces.connect.catching.keys import ShopKeys, signing
from regulars.surfaces.connect.woocommerce.hooks import TOPICS

MADE, THERE = "It made 1 webhook that sends here.", "Its webhooks send here already."


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


class Made:
    """A source whose shop makes its webhooks when the button is pressed."""

    def __init__(self, owner: Browser, hook: Any, answers: Any, patch: pytest.MonkeyPatch) -> None:
        self.owner, self.place = owner, f"/console/sources/{hook.made['id']}/asked"
        self.send = answers
        patch.setattr(shops, "ShopClient", lambda *_, **__: self)

    async def close(self) -> None:
        """Nothing is open."""

    def press(self) -> str:
        return str(self.owner.post(self.place, {"turn": "hooks"}).text)


def test_stripe_says_its_secret_once_and_it_is_kept(
    owner: Browser, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = Payer(counter, entered=False)
    account = hook.account
    hook.enter(secret=None)
    assert hook.tell({"id": "evt_1", "type": "x", "object": "event"}, None, "").status_code == 401
    shop = Made(owner, hook, account.answers, monkeypatch)
    page = shop.press()
    assert (MADE in page, account.secret in page) == (True, False)
    (row,) = account.rows["webhook_endpoints"].values()
    assert row["url"].endswith(f"/v1/in/{hook.made['id']}")
    assert {"charge.refunded", "refund.failed"} <= set(row["enabled_events"])
    hook.later(seconds=2)
    assert hook.tell({"id": "evt_2", "type": "x", "object": "event"}).status_code == 202
    assert THERE in shop.press()
    assert len(account.rows["webhook_endpoints"]) == 1
    row |= {"status": "disabled", "enabled_events": ["charge.refunded", "balance.available"]}
    assert THERE in shop.press()
    assert row["status"] == "enabled", "what it switched off is on again"
    assert {"balance.available", "refund.failed", "invoice.paid"} <= set(row["enabled_events"])
    other = Payer(counter, entered=False)
    other.account.rows["webhook_endpoints"] = {
        "we_1": row | {"url": row["url"].replace(hook.made["id"], other.made["id"])}
    }
    other.enter(secret=None)
    page = Made(owner, other, other.account.answers, monkeypatch).press()
    assert "by a secret it made before: copy that one from there" in page
    other.account.key = "rk_other"
    assert (
        "it does not know this key"
        in Made(owner, other, other.account.answers, monkeypatch).press()
    )


def test_square_says_its_key_whenever_it_is_asked(
    owner: Browser, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = Till(counter, entered=False)
    hook.enter(secret=None)
    shop = Made(owner, hook, hook.account.answers, monkeypatch)
    event = {"event_id": "e-1", "type": "x", "merchant_id": "M"}
    assert hook.tell(event).status_code == 401
    assert MADE in shop.press()
    hook.later(seconds=2)
    assert hook.tell(event).status_code == 202
    (row,) = hook.account.hooks
    assert ("order.updated" in row["event_types"], THERE in shop.press()) == (True, True)
    row |= {"enabled": False, "event_types": ["order.updated", "card.created"]}
    assert THERE in shop.press()
    assert row["enabled"]
    assert {"card.created", "refund.updated"} <= set(row["event_types"])
    hook.account.key = row["signature_key"] = "sig-key-2"  # somebody rotated it there
    assert THERE in shop.press()
    hook.later(seconds=2)
    assert hook.tell(event | {"event_id": "e-2"}).status_code == 202


def test_woocommerce_has_four_with_the_secret_of_this_source_and_on_again(
    owner: Browser, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, store = Hook(counter), WooShop(66_000)
    hook.asks(store, AT)
    shop = Made(owner, hook, store.answers, monkeypatch)
    store.writes = False
    assert "give it read and write permission there" in shop.press()
    store.writes = True
    assert "It made 4 webhooks that send here." in shop.press()
    assert tuple(one["topic"] for one in store.hooks) == TOPICS
    assert {one["secret"] for one in store.hooks} == {hook.words}
    store.hooks[1] |= {"status": "disabled", "secret": "older"}
    assert THERE in shop.press()
    assert store.hooks[1]["status"] == "active"
    assert {one["secret"] for one in store.hooks} == {hook.words}


def test_nothing_is_no_secret(counter: Counter) -> None:
    assert signing(ShopKeys("key", ""), counter.shop.now) == ()
