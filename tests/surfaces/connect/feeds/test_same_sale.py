"""One sale told by the web shop's webhook, in the nightly file and at the till is one activity."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any, NamedTuple

import httpx
import pytest
from tests.surfaces.connect.feeds.drop import MAPPING, Drop, sold, written
from tests.surfaces.connect.inlets.sender import MAPPING as BY_WEBHOOK
from tests.surfaces.connect.inlets.sender import Sender, paid, returned
from tests.surfaces.counter import Counter, problem

AT = "2026-03-02T11:00:00Z"
TILL = "till-1"


class Ways(NamedTuple):
    """A web shop, a folder, and the API that a till asks."""

    hook: Sender
    drop: Drop
    counter: Counter

    def by_hook(self, number: str, total: str = "10.00", who: str = "") -> Any:
        self.hook.send(f"evt-{number}-{total}", paid(number, total, who or number))
        self.hook.book()
        return self.hook

    def by_file(self, number: str, total: str = "10.00", who: str = "") -> Any:
        self.drop.put(f"{number}-{total}.csv", by_branch(number, total, who or number))
        self.drop.look()
        self.drop.book()
        return self.drop

    def by_till(self, number: str, total: str = "10.00", who: str = "") -> httpx.Response:
        minor = int(total.replace(".", ""))
        return self.counter.post("/v1/activities", {
            "kind": "purchase", "source": TILL, "external_id": number, "occurred_at": AT,
            "member": {"card": f"shop-{who or number}"},
            "amount": {"minor": minor, "currency": "EUR"},
        })  # fmt: skip

    def sales(self, number: str) -> list[Any]:
        return self.counter.shop.rows(_SALES, f"shop-{number}")

    def last(self, source: Sender) -> dict[str, Any]:
        (one, *_) = self.counter.get(f"{source.place}/events?limit=1").json()["items"]
        whole: dict[str, Any] = self.counter.get(f"{source.place}/events/{one['id']}").json()
        return whole


def by_branch(number: str, total: str, who: str) -> str:
    """A file in which each row says which till it is from."""
    rows = written(sold(number, total, who)).replace("receipt;", "branch;number;")
    return rows.replace(f"\n{number};", f"\n{TILL};{number};")


_SALES = """
select source, external_id, amount_minor from activity a
  join identifier i on i.program_id = a.program_id and i.member_id = a.member_id
 where a.program_id = $1 and i.value = $2 and a.kind = 'purchase' order by occurred_at
"""


def opened(counter: Counter) -> Ways:
    """A shop whose mappings say who else tells its sales."""
    told_by = f"        external_id: data.id\n        told_by: [{TILL}]\n"
    hook = Sender(counter, BY_WEBHOOK.replace("        external_id: data.id\n", told_by, 1))
    mapping = MAPPING.replace("source: web-shop", "source: nightly")
    also = f"        external_id: number\n        told_by: [web-{hook.mark}, {{column: branch}}]\n"
    drop = Drop(counter, mapping.replace("        external_id: receipt\n", also)).from_folder()
    return Ways(hook, drop, counter)


@pytest.fixture(scope="module")
def ways(counter: Counter) -> Iterator[Ways]:
    made = opened(counter)
    yield made
    counter.ask("DELETE", made.hook.place)
    counter.ask("DELETE", made.drop.place)


@pytest.mark.parametrize("order", list(permutations(("hook", "file", "till"))))
def test_in_any_order_of_arrival_it_is_one(ways: Ways, order: tuple[str, ...]) -> None:
    number = "".join(one[0] for one in order)
    tell: dict[str, Callable[[str], Any]] = {
        "hook": ways.by_hook, "file": ways.by_file, "till": ways.by_till,
    }  # fmt: skip
    for place, one in enumerate(order):
        said = tell[one](number)
        if one == "till":
            assert (said.status_code, "idempotent-replayed" in said.headers) == (201, place > 0)
        elif place > 0:
            last = ways.last(said)
            first = {"hook": f"web-{ways.hook.mark}", "file": "nightly", "till": TILL}[order[0]]
            assert (last["state"], last["code"]) == ("passed", "duplicate")
            assert last["reason"] == f"{first} told it first, as {number}"
            assert [each["first"] for each in last["activities"]] == [False]
    assert len(ways.sales(number)) == 1
    assert ways.hook.points(f"shop-{number}") == 10


def test_a_return_finds_the_sale_by_any_of_its_receipts(ways: Ways) -> None:
    ways.by_till("back")
    ways.by_hook("back")
    ways.hook.send("evt-back-1", returned("back", "r-1"))
    ways.hook.book()
    assert ways.hook.points("shop-back") == 0


def test_of_one_batch_the_second_says_that_the_first_and_third_are_one(ways: Ways) -> None:
    ways.by_till("batch")
    ways.drop.put("batch.csv", by_branch("batch", "10.00", "batch"))
    ways.drop.look()
    # It says nothing of the till; only the row of the file knows both.
    own = BY_WEBHOOK.replace("source: web-shop", f"source: web-{ways.hook.mark}")
    plain = Sender(ways.counter, own)
    plain.send("evt-batch", paid("batch", "10.00", "batch"))
    plain.book()
    assert len(ways.sales("batch")) == 1
    assert [code for _, code, _ in plain.states()] == ["duplicate"]
    ways.counter.ask("DELETE", plain.place)


def test_what_comes_to_another_amount_or_member_is_no_duplicate(ways: Ways) -> None:
    ways.by_till("other")
    ways.by_hook("other", "12.00")
    last = ways.last(ways.hook)
    assert (last["state"], last["code"]) == ("refused", "key_reused")
    assert "1000 minor units, and it is told with 1200" in last["reason"]
    ways.by_till("whose", who="whose-1")
    ways.counter.joined("shop-whose-2")
    ways.by_file("whose", who="whose-2")
    last = ways.last(ways.drop)
    assert (last["state"], "another member" in last["reason"]) == ("refused", True)
    assert problem(ways.by_till("other", "9.00"))[:2] == (409, "receipt_reused")


def test_a_till_and_the_worker_at_once_make_one(ways: Ways) -> None:
    for number in ("once-1", "once-2", "once-3"):
        ways.hook.send(f"evt-{number}", paid(number, "10.00", number))
        till = {
            "kind": "purchase", "source": TILL, "external_id": number, "occurred_at": AT,
            "member": {"card": f"shop-{number}"}, "amount": {"minor": 1000, "currency": "EUR"},
        }  # fmt: skip

        async def both(body: dict[str, Any] = till) -> None:
            asked = ways.counter.send("POST", "/v1/activities", body)
            booked = ways.hook.booker.book(ways.counter.shop.program_id)
            answer, _ = await asyncio.gather(asked, booked)
            assert answer.status_code == 201, answer.text

        ways.counter.shop.run(both())
        assert len(ways.sales(number)) == 1


BILLS = """\
mapping: bills
title: Bills
source: web-shop
events:
  bill.paid:
    gives:
      - kind: {constant: purchase}
        each: data.entries
        external_id: id
        receipt: bill
        told_by: [bills]
        email: email
        amount: total
"""


def billed(*entries: tuple[str, str, str]) -> dict[str, Any]:
    told = [{"id": one, "bill": bill, "email": email, "total": "10.00"}
            for one, bill, email in entries]  # fmt: skip
    return {"type": "bill.paid", "data": {"entries": told}}


def test_what_shares_a_receipt_with_what_was_refused_ends_and_stops_nobody(
    counter: Counter,
) -> None:
    hook = Sender(counter, BILLS)
    counter.post("/v1/members", {"identifiers": [{"kind": "email", "value": "bills@x.org"}]})
    hook.send("evt-1", billed(("1", "b-1", "nobody@x.org"), ("2", "b-1", "nobody@x.org")))
    hook.send("evt-2", billed(("3", "b-2", "nobody@x.org")))
    hook.send("evt-3", billed(("4", "b-3", "bills@x.org"), ("5", "b-2", "bills@x.org")))
    hook.book()
    assert [(state, code) for state, code, _ in hook.states()] == [
        ("refused", "unknown_member"), ("refused", "unknown_member"), ("booked", ""),
    ]  # fmt: skip
    counter.ask("DELETE", hook.place)


def test_without_a_common_receipt_it_is_known_by_member_total_and_time(counter: Counter) -> None:
    rule = "same_as: {within_minutes: 10, by: [member, total]}\nevents:"
    drop = Drop(counter, MAPPING.replace("events:", rule)).from_folder()
    here = Ways(drop, drop, counter)
    for number in ("a", "b"):  # two equal sales of one member stay two
        assert here.by_till(number, who="like").status_code == 201
    rows = [sold(one, "10.00", "like") for one in ("1", "2", "3")]
    drop.put("a.csv", written(*rows, sold("4", "9.00", "like")))
    drop.look()
    drop.book()
    assert [state for state, *_ in drop.states()] == ["passed", "passed", "booked", "booked"]
    assert drop.points("shop-like") == 39
    drop.put("b.csv", written(*(sold(str(n), "10.00", f"far-{n}") for n in (5, 6))))
    assert here.by_till("c", who="far-5").status_code == 201
    late = {"occurred_at": "2026-03-02T11:10:01Z", "source": TILL, "kind": "purchase"}
    said = {"external_id": "d", "member": {"card": "shop-far-6"}}
    money = {"amount": {"minor": 1000, "currency": "EUR"}}
    assert counter.post("/v1/activities", late | said | money).status_code == 201
    drop.look()
    drop.book()
    assert [state for state, *_ in drop.states()][4:] == ["passed", "booked"]
    again = counter.get(f"{drop.place}/events?state=duplicate").json()["items"]
    assert [one["state"] for one in again] == ["passed"] * 3
    # All of them together would be a whole nightly file; one of them is looked at by its own.
    assert counter.post(f"{drop.place}/again", {"states": ["passed"]}).json()["again"] == 0
    assert counter.post(f"{drop.place}/events/{again[0]['id']}/again").json()["again"] == 1
    drop.book()
    assert len(counter.get(f"{drop.place}/events?state=duplicate").json()["items"]) == 3
    counter.ask("DELETE", drop.place)


def test_points_reserved_for_what_was_told_before_are_not_passed_over(ways: Ways) -> None:
    counter = ways.counter
    ways.by_till("reserved-0", "200.00", who="reserved")
    ways.by_file("reserved", who="reserved")
    wish = {"member": {"card": "shop-reserved"}, "reward": "free-coffee"}
    taken = counter.post("/v1/redemptions", wish).json()["id"]
    money = {"minor": 1000, "currency": "EUR"}
    said = {
        "kind": "purchase", "source": TILL, "external_id": "reserved", "occurred_at": AT,
        "member": {"card": "shop-reserved"}, "amount": money,
        "payments": [{"kind": "points", "amount": money, "redemption": taken}],
    }  # fmt: skip
    answer = counter.post("/v1/activities", said)
    assert problem(answer)[:2] == (409, "receipt_reused")
    assert counter.get(f"/v1/redemptions/{taken}").json()["state"] == "held"


def test_whoever_is_named_by_another_receipt_told_another_sale(counter: Counter) -> None:
    rule = "same_as: {within_minutes: 10, by: [member, total]}\nevents:"
    also = f"        receipt: also\n        told_by: [{TILL}]\n        amount: total\n"
    mapping = MAPPING.replace("events:", rule).replace("        amount: total\n", also)
    drop = Drop(counter, mapping).from_folder()
    here = Ways(drop, drop, counter)

    def tells(name: str, *rows: tuple[str, str]) -> list[str]:
        lines = written(*(sold(one, "10.00", "named") for one, _ in rows)).splitlines()
        told = ["also", *(also for _, also in rows)]
        drop.put(name, "".join(f"{a};{b}\n" for a, b in zip(lines, told, strict=True)))
        drop.look()
        drop.book()
        return [state for state, *_ in drop.states()][-len(rows) :]

    assert here.by_till("n-77", who="named").status_code == 201
    assert tells("a.csv", ("1", "n-78")) == ["booked"]
    late = here.by_till("n-78", who="named")
    assert (late.status_code, "idempotent-replayed" in late.headers) == (201, True)
    assert here.by_till("n-79", who="named").status_code == 201
    # Of one file the row that names 79 stands for it, so the one that names nothing is a new one.
    assert tells("b.csv", ("2", ""), ("3", "n-79"), ("4", "n-77")) == ["booked", "passed", "passed"]
    assert len(here.sales("named")) == 4
    counter.ask("DELETE", drop.place)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("        receipt: number", "nothing says who tells this receipt"),
        ("        told_by: [a, b, c, d, e, f]", "too many sources"),
        ("        since: yesterday", "this is no day"),
        ("        told_by: [{column: ''}]", "neither a place nor a constant"),
    ],
)
def test_a_mapping_that_says_it_wrongly_is_told_where(
    counter: Counter, line: str, says: str
) -> None:
    mapping = MAPPING.replace("        amount: total\n", f"        amount: total\n{line}\n")
    wish = {"name": "Wrong", "kind": "files", "mapping": mapping}
    answer = counter.post("/v1/inlets", wish)
    assert (answer.status_code, says in answer.text) == (422, True)
