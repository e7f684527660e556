"""Two people at one form: an older page undoes nothing that a colleague kept meanwhile."""

from __future__ import annotations

import re

import pytest
from tests.flows.members.staff.people import HOUSE, found, settles
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.flows.access.commands import ChangeSetting, ChangeStaff
from regulars.flows.tills.commands import KeepStore
from regulars.flows.tills.keep_stores import keep_stores
from regulars.records.access.staff.types import Staff
from regulars.records.tills import read as tills

_FIELD = re.compile(r'<input [^>]*?name="([^"]+)" (?:type="text" )?value="([^"]*)"')


def signed_in(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


def shown(browser: Browser, path: str) -> dict[str, str]:
    """The form as it is shown: what stands in its fields, and what stood in them."""
    return {name: value for name, value in _FIELD.findall(browser.get(path).text) if value != "on"}


def limit(counter: Counter) -> list[tuple[int]]:
    return counter.shop.rows(
        "select value from staff_setting where program_id = $1 and name = 'adjust_limit'"
        " and about = 'support'"
    )


def test_an_older_page_of_settings_undoes_nothing(counter: Counter) -> None:
    olga, field = signed_in(counter), "adjust_limit-support"
    page = shown(olga, "/console/settings")
    assert page[field] == page[f"was-{field}"] == "500"
    settles(counter.shop, ChangeSetting("adjust_limit", 7_000, HOUSE, "support"))
    assert olga.post("/console/settings", page | {"joins_times": "41"}).status_code == 303
    assert limit(counter) == [(7_000,)]
    # Both changed it: both are shown, and nothing of the page is kept until somebody says so.
    answer = olga.post("/console/settings", page | {field: "9000", "joins_times": "43"})
    assert (answer.status_code, limit(counter)) == (409, [(7_000,)])
    assert "A colleague made this 7000 while your page was open" in answer.text
    assert 'value="9000"' in answer.text
    assert 'name="was-adjust_limit-support" value="7000"' in answer.text
    assert "43" not in shown(olga, "/console/settings")["joins_times"]
    again = page | {field: "9000", f"was-{field}": "7000"}
    assert olga.post("/console/settings", again).status_code == 303
    assert limit(counter) == [(9_000,)]


def test_what_members_are_sent_is_not_undone_either(counter: Counter) -> None:
    olga, mia = signed_in(counter), signed_in(counter)
    page = shown(olga, "/console/settings")
    was = page["was-redeemed"]
    mine, theirs = [one for one in ("any", "sms", "email") if one != was][:2]
    mia.post("/console/settings/messages", {"redeemed": theirs})
    told = {"redeemed": was, "was-redeemed": was, "earned": "any", "was-earned": "any"}
    assert olga.post("/console/settings/messages", told).status_code == 303
    answer = olga.post("/console/settings/messages", told | {"redeemed": mine})
    assert (answer.status_code, "A colleague made this" in answer.text) == (409, True)
    kept = "select ways from message_choice where program_id = $1 and kind = 'redeemed'"
    assert counter.shop.rows(kept) == [(theirs,)]


def test_an_older_page_of_somebody_leaves_them_promoted(counter: Counter) -> None:
    olga, boris = signed_in(counter), somebody(counter, "cashier")
    path = f"/console/team/{boris.staff_id.hex}"
    page = {"name": boris.name, "was-name": boris.name, "role": "cashier", "was-role": "cashier"}
    page |= {"every": "yes", "was-stores": "*"}
    assert {one: shown(olga, path)[one] for one in page if one.startswith("was-")} == {
        one: value for one, value in page.items() if one.startswith("was-")
    }
    settles(counter.shop, ChangeStaff(boris.staff_id, HOUSE, role="manager"))
    assert olga.post(path, page | {"name": "Boris"}).status_code == 303
    now = found(counter.shop, boris.staff_id)
    assert (now.name, now.role) == ("Boris", "manager")
    answer = olga.post(path, page | {"role": "support", "was-name": "Boris", "name": "Boris"})
    assert (answer.status_code, found(counter.shop, boris.staff_id).role) == (409, "manager")
    assert "A colleague made this Manager" in answer.text


@pytest.fixture
def north(counter: Counter) -> str:
    counter.shop.ask(keep_stores, KeepStore("north", "the house", name="North"))
    return "north"


def test_an_older_page_of_a_store_undoes_nothing(counter: Counter, north: str) -> None:
    olga, path = signed_in(counter), f"/console/stores/{north}/offline"
    counter.shop.ask(keep_stores, KeepStore(north, "x", offline_rewards=(), offline_most=3))
    page = {"most": "3", "was-most": "3", "was-reward": ""}
    counter.shop.ask(keep_stores, KeepStore(north, "x", offline_most=9))
    assert olga.post(path, page).status_code == 303
    assert olga.post(path, page | {"most": "5"}).status_code == 409
    kept = counter.shop.do(lambda tx, _: tills.stores(tx))[north]
    assert kept.offline_most == 9


def stores_of(counter: Counter, one: Staff) -> tuple[str, ...] | None:
    return found(counter.shop, one.staff_id).stores


def test_nobody_is_in_every_store_by_leaving_it_out(counter: Counter, north: str) -> None:
    olga, ada = signed_in(counter), somebody(counter, "cashier", stores=(north,))
    path = f"/console/team/{ada.staff_id.hex}"
    page = {"name": ada.name, "role": "cashier"}
    assert 'value="north" checked' in olga.get(path).text
    for ill in ({}, {"store": "nroth"}, {"store": "north", "every": "yes"}, {"stores": ""}):
        answer = olga.post(path, page | ill)
        assert (answer.status_code, 'id="stores-wrong"' in answer.text) == (422, True), ill
        assert stores_of(counter, ada) == (north,)
        fresh = {"name": "New", "email": "new@shop.test", "role": "cashier"} | ill
        answer = olga.post("/console/team/add", fresh)
        assert (answer.status_code, 'id="stores-wrong"' in answer.text) == (422, True), ill
    assert olga.post(path, page | {"every": "yes"}).status_code == 303
    assert stores_of(counter, ada) is None
    assert olga.post(path, page | {"store": north}).status_code == 303
    assert stores_of(counter, ada) == (north,)


def test_a_store_that_is_no_more_stays_with_who_has_it(counter: Counter, north: str) -> None:
    olga, ada = signed_in(counter), somebody(counter, "cashier", stores=(north, "long-gone"))
    path = f"/console/team/{ada.staff_id.hex}"
    page = olga.get(path).text
    assert 'value="long-gone" checked' in page
    assert "not there, or closed" in page
    told = {"name": ada.name, "role": "cashier", "store": "long-gone"}
    assert olga.post(path, told).status_code == 303
    assert stores_of(counter, ada) == ("long-gone",)


def test_a_manager_of_one_store_offers_no_other(counter: Counter, north: str) -> None:
    counter.shop.ask(keep_stores, KeepStore("south", "the house", name="South"))
    boss, browser = somebody(counter, "manager", stores=(north,)), Browser(counter)
    browser.sign_in(boss.email)
    page = browser.get("/console/team/add").text
    assert [name in page for name in ('value="north"', 'value="south"', 'name="every"')] == [
        True, False, False,
    ]  # fmt: skip
