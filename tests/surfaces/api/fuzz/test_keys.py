"""A used Idempotency-Key with something else in it: of every operation that takes one.

Each is asked well, once more, and with each part of what it was told changed in turn, all under one
key. Nothing that changed is done under the old key, and what is said then stands in the document.
An operation that takes no key says why, and leaves one aside.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from uuid import uuid4

import httpx
import msgspec
import pytest
from tests.makers import TABLES
from tests.surfaces.api.fuzz.house import House
from tests.surfaces.api.fuzz.scenes.keyed import KEYED
from tests.surfaces.api.fuzz.test_fuzz import changed, places
from tests.surfaces.api.fuzz.test_schemathesis import Desk

from regulars.surfaces.api import openapi
from regulars.surfaces.api.call import Operation
from regulars.surfaces.api.operations.table import OPERATIONS
from regulars.surfaces.api.strict.once import Once

WRITES: Final = [one for one in OPERATIONS if one.method != "GET" and one.open is None]
TAKING: Final = [one for one in WRITES if one.keyed and one.once is Once.KEY]
ELSEWHERE: Final = {
    "prove_spending_code": "the digits go to the member only: tills/test_dear_rewards.py",
    "prove_till_spending_code": "the digits go to the member only: tills/test_dear_rewards.py",
    "show_sign_in_link": "only where nothing can be sent: tills/test_counter.py",
    "show_shop_visit": "whoever is signed in on a web shop: shop/test_shop_pages.py",
    "show_key_at": "the key of a web shop: shop/test_shop_pages.py",
    "close_month": "a month that is over and ties: insight/metrics/months/test_closed_months.py",
    "ask_on_receipt": "at a till that is paired: tills/paying/test_asked.py",
    "send_webhook_delivery_again": "one that was given up: hooks/test_webhooks_api.py",
}
OTHERS: Final = [one for one in WRITES if not one.keyed and one.name not in ELSEWHERE]
NOTED: Final = frozenset({"request"})


class Asked(NamedTuple):
    """One good request."""

    path: str
    body: Any
    key: str


@pytest.fixture(scope="module")
def desk(database: Any) -> Iterator[Desk]:
    desk = Desk(House(database, channels=frozenset({"sms", "email"})))
    yield desk
    getattr(
        desk.scene, "close", str
    )()  # what its last case made goes while there is somebody to ask
    desk.counter.close()


def good(desk: Desk, one: Operation) -> Iterator[Asked]:
    """Requests that this operation says yes to."""
    label = f"{one.method} {one.path}"
    desk.renew(label)
    if label in KEYED:
        desk.scene = KEYED[label](desk.house)
    for said in desk.scene:
        path = one.path
        for name, value in (desk.house.known | said.get("path", {})).items():
            path = path.replace("{" + name + "}", value)
        wanted = set(one.query.__struct_fields__) if one.query else set()
        query = "&".join(f"{n}={v}" for n, v in said.get("query", {}).items() if n in wanted)
        body = None
        if one.sent is not None:
            body = desk.meant(msgspec.to_builtins(one.example)) | said.get("body", {})
            body = said.get("whole", body)
        key = said.get("key", "") or desk.counter.key
        yield Asked(path + (f"?{query}" if query else ""), body, key)


def others(first: Asked, second: Asked) -> Iterator[Asked]:
    """The same with one part of it something else of its kind, and about somebody else."""
    for place in places(first.body):
        part = first.body
        for step in place:
            part = part[step]
        if isinstance(part, bool):
            yield first._replace(body=changed(first.body, place, not part))
        elif isinstance(part, int):
            yield first._replace(body=changed(first.body, place, part + 1))
        elif isinstance(part, str):
            yield first._replace(body=changed(first.body, place, part + "x"))
    yield second._replace(key=first.key)


def documented(one: Operation, answer: httpx.Response) -> str:
    """What it was told; nothing where the answer is the first one again."""
    if answer.is_success:
        assert answer.headers.get("idempotent-replayed") == "true", (one.name, answer.text)
        return ""
    code = str(answer.json()["code"])
    assert code in openapi.codes_of(one), (one.name, answer.text)
    said = openapi.document()["paths"][one.path][one.method.lower()]["responses"]
    assert f"`{code}`" in said[str(answer.status_code)]["description"], (one.name, answer.text)
    return code


def told_under_one_key(desk: Desk, one: Operation) -> set[str]:
    """What an operation says to everything else that comes under a used key."""
    asks, key = good(desk, one), f"k-{uuid4().hex}"

    def ask(what: Asked) -> httpx.Response:
        return desk.counter.ask(one.method, what.path, what.body, key=what.key, idempotency_key=key)

    first = next(asks)
    answers = [ask(first), ask(first)]
    assert answers[0].is_success, (one.name, answers[0].text)
    assert "idempotent-replayed" not in answers[0].headers
    assert answers[1].headers.get("idempotent-replayed") == "true", (one.name, answers[1].text)
    assert answers[1].status_code == answers[0].status_code
    return {documented(one, ask(other)) for other in others(first, next(asks))}


@pytest.mark.in_turns(4)
@pytest.mark.parametrize("one", TAKING, ids=lambda one: one.name)
def test_something_else_under_a_used_key_is_answered_as_documented(
    desk: Desk, one: Operation
) -> None:
    assert "key_reused" in told_under_one_key(desk, one)


def picture(desk: Desk) -> dict[str, Any]:
    """Everything the program keeps, table by table, but for the log of who asked."""
    every = " union all ".join(
        f"select '{one}', count(*)::int, md5(string_agg(t::text, '|' order by t::text))"
        f" from {one} t where t.program_id = $1::int"
        for one in TABLES
        if one not in NOTED
    )
    return {name: tuple(rest) for name, *rest in desk.counter.shop.rows(every)}


@pytest.mark.in_turns(4)
@pytest.mark.parametrize("one", OTHERS, ids=lambda one: one.name)
def test_what_takes_no_key_leaves_one_aside_and_is_what_it_says(desk: Desk, one: Operation) -> None:
    asks, key = good(desk, one), f"k-{uuid4().hex}"

    def ask(what: Asked) -> httpx.Response:
        return desk.counter.ask(one.method, what.path, what.body, key=what.key, idempotency_key=key)

    first, before = next(asks), picture(desk)
    answer = ask(first)
    assert answer.is_success, (one.name, answer.text)
    after = picture(desk)
    if one.once is Once.LOOKS:
        assert after == before
    if one.once is Once.AGAIN:
        again = ask(first)
        # What is gone is not there a second time.
        assert again.is_success or (one.method, again.status_code) == ("DELETE", 404), again.text
        assert picture(desk) == after
    other = ask(next(asks))
    assert "key_reused" not in other.text, (one.name, other.text)
    assert other.is_success, (one.name, other.text)


def test_control_a_second_sale_is_seen_in_the_picture(desk: Desk) -> None:
    desk.house.meet()
    before = picture(desk)
    assert picture(desk) == before
    desk.house.buys(desk.house.known["member_id"])
    changed_in = {name for name, kept in picture(desk).items() if before[name] != kept}
    assert {"activity", "entry", "balance"} <= changed_in
