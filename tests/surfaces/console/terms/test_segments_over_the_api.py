"""Segments over the API: previewed, kept, filled by the worker, asked of one member, dropped."""

from __future__ import annotations

from typing import Any

import pytest
from tests.surfaces.counter import Counter, coffee, problem

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.reckoning.segments import Segments

BUYERS = {"if": "all", "of": [{"if": "spent", "at_least": "5.00", "within_days": 30}]}


def works(counter: Counter) -> None:
    """The worker's duty, once."""
    shop = counter.shop
    duty = Segments(shop.database, Programs(shop.database))
    counter.shop.run(duty.go(shop.program_id, shop.now))


def keep(counter: Counter, code: str, **sent: Any) -> Any:
    return counter.ask("PUT", f"/v1/segments/{code}", {"name": code.title()} | sent)


def test_one_is_previewed_kept_filled_and_asked(counter: Counter) -> None:
    ada, bo = counter.joined("4711"), counter.joined("4712")
    keep(counter, "everybody", condition={"if": "orders", "at_least": 0})
    works(counter)
    sold = counter.post("/v1/activities", coffee("4711", 2), idempotency_key="k")
    assert sold.status_code == 201
    works(counter)
    shown = counter.post("/v1/segment-previews", {"condition": BUYERS}).json()
    assert (shown["members"], shown["warns"], shown["sample"]) == (1, "", [ada])
    assert shown["of"] >= 2
    assert shown["says"] == "money spent: at least 5.00 EUR (in the last 30 days)"
    kept = keep(counter, "buyers", condition=BUYERS).json()
    assert (kept["segment"]["state"], kept["segment"]["filled"]) == ("saved", False)
    works(counter)
    read = counter.get("/v1/segments/buyers").json()
    assert (read["segment"]["members"], read["segment"]["filled"]) == (1, True)
    assert read["condition"] == BUYERS
    (inside,) = counter.get("/v1/segments/buyers/members").json()["items"]
    assert inside["member_id"] == ada
    of_hers = counter.get(f"/v1/members/{ada}/segments").json()["items"]
    assert [one["segment"] for one in of_hers] == ["buyers", "everybody"]
    why = counter.get(f"/v1/members/{bo}/segments/buyers").json()
    assert (why["holds"], why["parts"][0]["has"]) == (False, 0)
    sold = counter.post("/v1/activities", coffee("4712", 2), idempotency_key="l")
    works(counter)
    (move,) = counter.get("/v1/segments/buyers/moves").json()["items"]
    assert (move["member_id"], move["entered"], move["because"]) == (bo, True, "told")
    page = counter.get("/v1/segments/buyers/members?limit=1").json()
    assert page["has_more"]
    more = counter.get(f"/v1/segments/buyers/members?cursor={page['next_cursor']}").json()
    assert {page["items"][0]["member_id"], more["items"][0]["member_id"]} == {ada, bo}
    assert counter.ask("DELETE", "/v1/segments/buyers").status_code == 200
    assert counter.get("/v1/segments/buyers").status_code == 404


def test_a_draft_waits_beside_what_counts(counter: Counter) -> None:
    keep(counter, "drafted", condition=BUYERS)
    later = {"if": "orders", "at_least": 3}
    shown = keep(counter, "drafted", condition=later, draft=True).json()
    assert (shown["condition"], shown["draft"]) == (BUYERS, later)
    assert shown["segment"]["state"] == "changed"
    shown = keep(counter, "drafted", condition=later).json()
    assert (shown["condition"], shown["draft"]) == (later, None)


def test_lists_are_filled_by_hand(counter: Counter) -> None:
    ada = counter.joined("4721")
    keep(counter, "friends", kind="list")
    done = counter.ask("PUT", "/v1/segments/friends/members", {"member_ids": [ada]}).json()
    assert done == {"changed": 1, "listed": 1}
    keep(counter, "none", condition={"if": "not", "that": {"if": "segment", "in": ["friends"]}})
    no = counter.ask("DELETE", "/v1/segments/friends")
    assert (no.status_code, no.json()["code"]) == (409, "segment_in_use")
    assert counter.get("/v1/segments/friends").json()["used_by"] == ["none"]
    why = counter.get(f"/v1/members/{ada}/segments/none").json()
    assert (why["holds"], why["says"]) == (False, "not: is in friends")
    wrong = counter.ask("PUT", "/v1/segments/none/members", {"member_ids": [ada]})
    assert problem(wrong)[:2] == (422, "invalid")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"condition": {"if": "rich"}}, "/condition/if"),
        ({"condition": {"if": "all", "of": [{"if": "tier", "at_least": "x"}]}},
         "/condition/of/0/at_least"),
        ({"condition": {}}, "/condition"),
        ({}, "/condition"),
        ({"kind": "list", "condition": BUYERS}, "/condition"),
        ({"name": " ", "condition": BUYERS}, "/name"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_place(counter: Counter, sent: Any, field: str) -> None:
    answer = keep(counter, "wrong", **sent)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, field)
    assert counter.get("/v1/segments/wrong").status_code == 404
