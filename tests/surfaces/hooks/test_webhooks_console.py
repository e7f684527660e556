"""Webhooks in the console: added, paused, given another secret, and sent again."""

from __future__ import annotations

import re

import pytest
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.flows.telling.hooks.move_back import move_back
from regulars.flows.telling.hooks.plan_sendings import plan_sendings
from regulars.flows.telling.hooks.settle_sendings import settle_sendings
from regulars.flows.telling.hooks.take_sendings import take_sendings
from regulars.records.outbox.events.catalogue import EVENTS
from regulars.records.outbox.hooks.types import Try, Went
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.console.team.event_words import GROUPS, SAYS

PAGE = "/console/webhooks"
TOLD = {"name": "Warehouse", "url": "https://warehouse.example/in", "form": "standard"}


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


def added(owner: Browser) -> str:
    answer = owner.post(PAGE, TOLD | {"type": "member.joined", "key": "once"})
    assert answer.status_code == 303, answer.text[-500:]
    return str(answer.headers["location"])


def test_what_was_typed_stays_and_says_what_is_wrong(owner: Browser) -> None:
    for told, says in (
        (TOLD | {"url": "http://10.0.0.1/in", "type": "member.joined"}, "whole public address"),
        (TOLD, "Choose at least one"),
        (TOLD | {"name": " ", "type": "member.joined"}, "know it again"),
    ):
        answer = owner.post(PAGE, told)
        assert (answer.status_code, says in answer.text) == (422, True), says
        assert told["url"] in answer.text


def test_a_webhook_is_added_once_paused_and_goes_on(owner: Browser) -> None:
    place = added(owner)
    assert added(owner) == place
    assert "Warehouse" in owner.get(PAGE).text
    for turn, says in (("paused", "It waits."), ("active", "Active")):
        assert owner.post(place, {"turn": turn}).status_code == 303
        assert says in owner.get(place).text
    before = re.search(r"whsec_[\w+/=]+", owner.get(place).text)
    assert owner.post(f"{place}/secret", {"key": "again"}).status_code == 303
    after = owner.get(place).text
    assert before is not None
    assert before[0] not in after
    assert "The secret before is good until" in after


def test_a_delivery_is_seen_with_its_tries_and_sent_again(counter: Counter, owner: Browser) -> None:
    place = added(owner)
    hook_id = addressed("hok", place.rsplit("/", 1)[-1])
    counter.joined("4713")
    counter.shop.do(lambda tx, _: plan_sendings(tx))
    taken = counter.shop.do(lambda tx, _: take_sendings(tx, hook_id))
    assert taken is not None
    sending = taken.lines[0].sendings[0]
    tried = Try(sending.event.event_id, counter.shop.now, 41, 204, "")
    went = [Went(taken.lines[0], (tried,))]
    counter.shop.do(lambda tx, _: settle_sendings(tx, hook_id, went))
    event = f"{place}/evt_{sending.event.event_id.hex}"
    assert event in owner.get(place).text
    page = owner.get(event).text
    assert "204" in page
    assert "member.joined" in page
    assert owner.post(event).status_code == 303
    again = counter.shop.do(lambda tx, _: take_sendings(tx, hook_id))
    assert again is not None
    assert again.lines[-1].alone
    assert owner.post(f"{place}/replay", {"since": "1999-13-01"}).status_code == 422
    day = counter.shop.now.date().isoformat()
    assert owner.post(f"{place}/replay", {"since": day}).status_code == 303
    assert "is sent once more" in owner.get(place).text
    while counter.shop.do(lambda tx, _: move_back(tx, hook_id)):
        pass
    assert "On its way" in owner.get(event).text
    assert "1 event that waits for it is dropped" in owner.get(f"{place}/delete").text
    assert owner.post(place, {"turn": "deleted"}).status_code == 303
    assert owner.get(place).status_code == 404


def test_each_event_is_said_as_the_catalogue_says_it(owner: Browser) -> None:
    assert {type_: one.says for type_, one in EVENTS.items()} == SAYS
    assert GROUPS.keys() == {type_.partition(".")[0] for type_ in EVENTS}
    page = owner.get("/console/webhooks").text
    assert "A reward was handed over." in page
    assert page.count('name="type"') == len(EVENTS)


def test_a_subscription_in_squares_form_says_so_and_stays_in_it(
    counter: Counter, owner: Browser
) -> None:
    key = counter.made_key("webhooks:write")
    at = "/compat/square/v2/webhooks/subscriptions"
    wanted = {"event_types": ["loyalty.event.created"], "notification_url": TOLD["url"]}
    body = {"subscription": wanted, "idempotency_key": "one"}
    made = counter.post(at, body, key=key).json()["subscription"]
    place = f"{PAGE}/{made['id'].replace('wbhk', 'hok')}"
    page = owner.get(place).text
    assert "In the form of Square" in page
    assert "Another secret ends this one at once" in page
    assert made["signature_key"] in page
    assert "whsec_" not in page
    assert 'value="points.earned"' not in page
    changed = TOLD | {"form": "square", "type": "loyalty.account.created"}
    assert owner.post(place, changed).status_code == 303
    kept = counter.get(f"{at}/{made['id']}", key=key).json()["subscription"]
    assert (kept["name"], kept["event_types"]) == ("Warehouse", ["loyalty.account.created"])
    assert owner.post(f"{place}/secret", {"key": "squares"}).status_code == 303
    after = owner.get(place).text
    assert made["signature_key"] not in after
    assert "The secret before is good until" not in after
    assert owner.post(place, TOLD | {"type": "loyalty.account.created"}).status_code == 422
