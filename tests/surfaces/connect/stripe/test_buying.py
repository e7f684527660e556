"""A member buys a membership from their card, over HTTP, and has it when it is paid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.makers import Shop
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.connect.stripe.hook import Endpoint
from tests.surfaces.connect.stripe.served import served_on_a_port
from tests.surfaces.counter import Counter

from regulars.surfaces.senders.outgoing.guard import Guard, networks_of

PAGE = "/card/me/benefits"


@pytest.fixture
def sold(counter: Counter) -> Iterator[Endpoint]:
    """A source of this shop."""
    with selling(counter.shop) as hook:
        yield hook


@contextmanager
def selling(shop: Shop) -> Iterator[Endpoint]:
    """A source whose account answers on a port, as a proxy of the house would."""
    counter = Counter(
        shop,
        ticks=lambda: shop.now.timestamp(),  # noqa: PLW0108  (of whichever instant it is then)
        receivers=Guard(networks_of(["127.0.0.0/8"])),
    )
    hook = Endpoint(counter, entered=False)
    with served_on_a_port(hook.account) as server:
        hook.enter(address=server.url)
        yield hook
    counter.ask("DELETE", hook.place)


def somebody(hook: Endpoint, name: str) -> tuple[str, Pocket]:
    hook.member(name)
    found = hook.counter.get(f"/v1/members?email={name}@x.org").json()
    who = str(found["items"][0]["id"])
    return who, Pocket(hook.counter, who)


def once(page: str) -> str:
    found = re.search(r'name="once" value="([0-9a-f]+)"', page)
    assert found is not None, page
    return found[1]


def test_a_plan_is_bought_at_its_pages_and_runs_once_it_is_paid(sold: Endpoint) -> None:
    who, pocket = somebody(sold, "buyer")
    page = pocket.get(PAGE).text
    assert page.count("Become a member</button>") == 2
    assert "the first 30 days are free" in page
    shown = pocket.send("/card/me/membership", PAGE, plan="plus", once=once(page))
    assert shown.status_code == 200, shown.text
    (session,) = sold.account.rows["checkout_sessions"].values()
    assert f'href="{session["url"]}"' in shown.text
    assert session["line_items[0][price]"] == "price_plus"
    assert session["subscription_data[metadata][regulars_member]"] == who
    assert session["subscription_data[trial_period_days]"] == "30"
    assert session["customer_email"] == "buyer@x.org"
    pocket.send("/card/me/membership", PAGE, plan="plus", once=once(page))
    assert len(sold.account.rows["checkout_sessions"]) == 1
    sub = sold.account.subscribes("pays-with-another@x.org", trial=30, member=who)
    sold.hear()
    assert sold.membership(sub)["member_id"] == who
    page = pocket.get(f"{PAGE}?bought=yes").text
    assert "Thank you." in page
    assert "Become a member" not in page


def test_how_it_is_paid_is_changed_there(sold: Endpoint) -> None:
    who, pocket = somebody(sold, "changes")
    sub = sold.account.subscribes("changes@x.org", member=who)
    sold.hear()
    page = pocket.get(PAGE).text
    id_ = sold.membership(sub)["id"]
    assert f'value="{id_}"' in page
    where = "/card/me/membership/paying"
    shown = pocket.send(where, PAGE, membership=id_, once=once(page))
    (portal,) = sold.account.rows["billing_portal_sessions"].values()
    assert portal["customer"] == sold.account.rows["subscriptions"][sub]["customer"]
    assert portal["url"] in shown.text
    _, other = somebody(sold, "somebody-else")
    refused = other.send(where, PAGE, membership=id_, once="a1")
    assert refused.status_code == 404
    assert len(sold.account.rows["billing_portal_sessions"]) == 1


def test_what_is_not_sold_or_cannot_be_reached_is_said(sold: Endpoint) -> None:
    _, pocket = somebody(sold, "unlucky")
    page = pocket.get(PAGE).text
    for plan in ("nothing", "", "price_plus"):
        answer = pocket.send("/card/me/membership", PAGE, plan=plan, once=once(page))
        assert answer.status_code == 404
    odd = pocket.send("/card/me/membership", PAGE, plan="plus", once="../x")
    assert odd.status_code == 400
    assert pocket.post("/card/me/membership", plan="plus", once="a1").status_code == 403
    sold.account.key = "rk_other"
    away = pocket.send("/card/me/membership", PAGE, plan="plus", once=once(page))
    assert away.status_code == 502
    assert "Nothing was taken" in away.text


def test_without_an_account_nothing_is_sold(counter: Counter) -> None:
    hook = Endpoint(counter, entered=False)
    _, pocket = somebody(hook, "without")
    assert "Become a member" not in pocket.get(PAGE).text
    counter.ask("DELETE", hook.place)


def test_trying_it_out_says_that_its_key_may_not_read_disputes(sold: Endpoint) -> None:
    place = f"{sold.place}/catch-up/try"
    assert sold.counter.post(place).json()["answers"]
    sold.account.forbids = ("disputes",)
    assert "may not read disputes" in sold.counter.post(place).json()["problem"]
