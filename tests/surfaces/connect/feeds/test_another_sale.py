"""What was passed as the same sale and was another one is brought back, and counts once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.surfaces.connect.feeds.drop import MAPPING, Drop, sold, written
from tests.surfaces.connect.feeds.test_same_sale import Ways, opened
from tests.surfaces.connect.inlets.sender import Sender, returned
from tests.surfaces.connect.woocommerce.shop import AS_ONE_AMOUNT, Hook, WooShop
from tests.surfaces.connect.woocommerce.test_elsewhere import by_till, told_by_till
from tests.surfaces.connect.woocommerce.test_orders import member
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter, problem

from regulars.insight.verify.catalogue import checks

SOUND = [one.sql for one in checks() if one.name in ("arrivals_end", "once_for_ever")]


@pytest.fixture(scope="module")
def ways(counter: Counter) -> Iterator[Ways]:
    made = opened(counter)
    yield made
    assert [counter.shop.rows(f"select * from ({sql}) x where $1 > 0") for sql in SOUND] == [[], []]
    counter.ask("DELETE", made.hook.place)
    counter.ask("DELETE", made.drop.place)


def another(ways: Ways, source: Sender, event: dict[str, Any], *ids: str) -> Any:
    """Somebody says that this event is none of what it was taken for."""
    named = ids or tuple(one["activity_id"] for one in event["activities"])
    wish = {"activities": list(named)}
    return ways.counter.post(f"{source.place}/events/{event['id']}/another", wish)


def test_a_receipt_that_was_used_twice_is_two_sales(ways: Ways) -> None:
    ways.by_till("twice")
    passed = ways.last(ways.by_hook("twice"))
    assert (passed["code"], ways.hook.points("shop-twice")) == ("duplicate", 10)
    for again in (1, 0):  # however often it is said
        assert another(ways, ways.hook, passed).json()["again"] == again
        ways.hook.book()
    assert ways.hook.points("shop-twice") == 20
    own = ways.last(ways.hook)
    assert (own["state"], sorted(one["first"] for one in own["activities"])) == (
        "booked", [False, True],
    )  # fmt: skip
    assert [one["another"] for one in own["activities"] if not one["first"]] == [True]
    assert len(ways.sales("twice")) == 2
    # Its receipt is its own: what comes back of it is taken from it, and the till's stays.
    ways.hook.send("evt-twice-back", returned("twice", "twice-r"))
    ways.hook.book()
    sales = _BACK.format(source=f"web-{ways.hook.mark}")
    assert ways.counter.shop.rows(sales) == [(f"web-{ways.hook.mark}",)]
    assert ways.hook.points("shop-twice") == 10
    # What the till told stays the till's, whoever named it beside.
    assert passed["activities"][0]["activity_id"] in ways.by_till("twice").text
    # The file names the web shop's number first, and is what the web shop told.
    third = ways.last(ways.by_file("twice"))
    assert third["reason"].startswith(f"web-{ways.hook.mark} told it first")
    # What somebody said is in the log of deeds.
    ((about,),) = ways.counter.shop.rows(_DEED)
    assert passed["id"].removeprefix("arr_") in about


def same(ways: Ways, event: dict[str, Any], activity: str) -> Any:
    """Somebody says that this event's sale is that one."""
    place = f"{ways.hook.place}/events/{event['id']}/same"
    return ways.counter.post(place, {"activity": activity})


def test_two_booked_sales_are_said_to_be_one_and_another_one_after_all(ways: Ways) -> None:
    hook, who = ways.hook, "shop-both"
    till = ways.by_till("both-till", who="both").json()["id"]
    event = ways.last(ways.by_hook("both-web", who="both"))
    (own,) = (one["activity_id"] for one in event["activities"])
    assert (event["state"], hook.points(who)) == ("booked", 20)
    mia = Browser(ways.counter)
    mia.sign_in(somebody(ways.counter).email)
    page = f"/console/sources/{hook.place.rpartition('/')[2]}/{event['id']}"
    assert "both-till" in mia.get(page).text
    assert mia.post(f"{page}/same", {"activity": till}).status_code == 303
    assert hook.points(who) == 10
    told = ways.last(hook)
    assert (told["state"], told["code"]) == ("booked", "same")
    assert {one["activity_id"] for one in told["activities"]} > {own, till}
    assert "somebody said that it is the same sale" in mia.get(page).text
    assert same(ways, event, till).json() == {
        "id": event["id"], "same_as": till, "returned": None
    }  # fmt: skip
    assert hook.points(who) == 10
    # Told once more it is the till's, as is what comes back of it.
    again = ways.last(ways.by_hook("both-web", total="10.0", who="both"))
    assert (again["state"], again["code"], hook.points(who)) == ("passed", "duplicate", 10)
    # Another one after all: it counts beside the till's, under its own receipt.
    assert another(ways, hook, told).json()["again"] == 1
    hook.book()
    assert (hook.points(who), len(ways.sales("both"))) == (20, 3)
    hook.send("evt-both-back", returned("both-web", "both-r"))
    hook.book()
    assert hook.points(who) == 10
    back = _BACK.format(source=f"web-{hook.mark}")
    assert ways.counter.shop.rows(back)[-1] == (f"web-{hook.mark}",)


def test_what_is_no_same_sale_is_not_said_to_be_one(ways: Ways) -> None:
    event = ways.last(ways.by_hook("apart-web", who="apart"))
    (own,) = (one["activity_id"] for one in event["activities"])
    dear = ways.by_till("apart-dear", "11.00", who="apart").json()["id"]
    other = ways.by_till("apart-other", who="somebody").json()["id"]
    for activity, words in ((dear, "another total"), (other, "another member"), (own, "no such")):
        said = same(ways, event, activity)
        assert (said.status_code in (404, 422), words in said.text) == (True, True), said.text
    ways.by_till("apart-passed")
    passed = ways.last(ways.by_hook("apart-passed"))
    said = same(ways, passed, dear)
    assert (said.status_code, "no sale of its own" in said.text) == (422, True)
    assert ways.hook.points("shop-apart") == 21


def test_of_two_sales_each_said_to_be_the_other_one_stays(ways: Ways) -> None:
    events = [ways.last(ways.by_hook(name, who="turned")) for name in ("turned-a", "turned-b")]
    own = [event["activities"][0]["activity_id"] for event in events]
    assert ways.hook.points("shop-turned") == 20
    assert same(ways, events[0], own[1]).status_code == 200
    said = same(ways, events[1], own[0])
    assert (said.status_code, "came back already" in said.text) == (422, True), said.text
    assert ways.hook.points("shop-turned") == 10


def test_what_something_came_back_of_is_not_said_to_be_another(ways: Ways) -> None:
    hook, who = ways.hook, "shop-partly"
    till = ways.by_till("partly-till", who="partly").json()["id"]
    event = ways.last(ways.by_hook("partly-web", who="partly"))
    hook.send("evt-partly-back", returned("partly-web", "partly-r"))
    hook.book()
    assert hook.points(who) == 10
    said = same(ways, event, till)
    assert (said.status_code, "came back already" in said.text) == (422, True), said.text
    mia = Browser(ways.counter)
    mia.sign_in(somebody(ways.counter).email)
    page = f"/console/sources/{hook.place.rpartition('/')[2]}/{event['id']}"
    assert "partly-till" not in mia.get(page).text
    assert hook.points(who) == 10


_BACK = """
select s.source from activity r
  join activity s on s.program_id = r.program_id and s.activity_id = r.sale_id
 where r.program_id = $1 and r.kind = 'return' and r.source = '{source}'
"""
_DEED = "select after::text from staff_act where program_id = $1 and did = 'inlet.said_another'"


def test_what_belongs_to_neither_is_refused(ways: Ways) -> None:
    ways.by_till("neither")
    passed = ways.last(ways.by_hook("neither"))
    said = another(ways, ways.hook, passed, "act_" + "1" * 32)
    assert problem(said)[:2] == (422, "invalid")
    assert "was not taken for this" in said.text
    ways.hook.send("evt-neither-back", returned("neither", "neither-r"))
    ways.hook.book()
    said = another(ways, ways.hook, passed)
    assert (said.status_code, "came back" in said.text) == (422, True)
    ways.by_till("plain-booked")
    booked = ways.last(ways.by_hook("plain-alone"))
    said = another(ways, ways.hook, booked)
    assert (said.status_code, "took this event for another" in said.text) == (422, True)


def test_what_a_rule_took_for_the_same_is_not_taken_for_another_one_either(
    counter: Counter,
) -> None:
    rule = "same_as: {within_minutes: 10, by: [member, total]}\nevents:"
    drop = Drop(counter, MAPPING.replace("events:", rule)).from_folder()
    here = Ways(drop, drop, counter)
    for number in ("ruled-1", "ruled-2"):
        assert here.by_till(number, who="ruled").status_code == 201
    drop.put("a.csv", written(sold("1", "10.00", "ruled")))
    drop.look()
    drop.book()
    passed = here.last(drop)
    assert (passed["code"], drop.points("shop-ruled")) == ("duplicate", 20)
    assert another(here, drop, passed).json()["again"] == 1
    drop.book()
    assert (drop.states()[0][0], drop.points("shop-ruled")) == ("booked", 30)
    # Both sales of the till are free for what the file tells of them.
    drop.put("b.csv", written(*(sold(str(one), "10.00", "ruled") for one in (2, 3, 4))))
    drop.look()
    drop.book()
    assert [state for state, *_ in drop.states()] == ["booked", "passed", "passed", "booked"]
    counter.ask("DELETE", drop.place)


def test_what_is_refused_then_is_still_another_one_when_it_runs_again(ways: Ways) -> None:
    ways.by_till("later")
    passed = ways.last(ways.by_hook("later"))
    mapping = ways.hook.mapping
    counter, place = ways.counter, ways.hook.place
    unread = mapping.replace("amount: data.total", "amount: data.nothing")
    assert counter.ask("PATCH", place, {"mapping": unread}).status_code == 200
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    page = f"/console/sources/{ways.hook.made['id']}/{passed['id']}"
    assert "This was another sale" in browser.get(page).text
    (taken_for,) = passed["activities"]
    wish = {"activity": taken_for["activity_id"]}
    assert browser.post(f"{page}/another", wish).status_code == 303
    assert "is another sale, as somebody said" in browser.get(page).text
    ways.hook.book()
    assert ways.last(ways.hook)["state"] == "refused"
    assert counter.ask("PATCH", place, {"mapping": mapping}).status_code == 200
    assert counter.post(f"{place}/again").json()["again"] == 1
    ways.hook.book()
    assert (ways.last(ways.hook)["state"], ways.hook.points("shop-later")) == ("booked", 20)


def test_of_an_order_told_again_and_again_all_states_come_with_it(counter: Counter) -> None:
    hook, shop = Hook(counter, told_by_till(AS_ONE_AMOUNT)), WooShop(74_000)
    number = shop.order("30.00", member(hook, "states"))
    shop.pays(number)
    shop.becomes(number, "completed")
    by_till(hook, number, 3000, "states")
    for order in shop.told[1:]:
        hook.tell(order)
        hook.book()
    assert [code for _, code, _ in hook.states()] == ["duplicate", "duplicate"]
    here = Ways(hook, hook, counter)  # type: ignore[arg-type]
    (_, first) = counter.get(f"{hook.place}/events").json()["items"]
    event = counter.get(f"{hook.place}/events/{first['id']}").json()
    assert another(here, hook, event).json()["again"] == 1
    hook.book()
    assert [state for state, *_ in hook.states()] == ["booked", "booked"]
    assert hook.points("states") == 60
    counter.ask("DELETE", hook.place)
