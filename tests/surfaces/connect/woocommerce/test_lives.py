"""An order that was closed and is paid again lives on as the first one did, whatever is told."""

from __future__ import annotations

import asyncio
from itertools import count

import pytest
from tests.surfaces.connect.woocommerce.shop import AS_ONE_AMOUNT, Hook, WooShop
from tests.surfaces.connect.woocommerce.test_orders import member
from tests.surfaces.counter import Counter

from regulars.flows.inlets.book_arrivals import book_arrivals
from regulars.flows.inlets.take_arrivals import take_arrivals
from regulars.insight.verify.run import run_verify
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.booker import Booker, booking

_NUMBERS = count(600_000, 1000)


class Order:
    """One order of somebody, whose states are told and booked one by one."""

    def __init__(self, hook: Hook, name: str, email: str = "") -> None:
        self.hook, self.name, self.shop = hook, name, WooShop(next(_NUMBERS))
        self.number = self.shop.order("30.00", email or member(hook, name))
        self.shop.told.clear()

    def goes(self, *steps: str) -> list[int]:
        """The member's points after each step."""
        return [self._goes(step) for step in steps]

    def _goes(self, step: str) -> int:
        if step == "pays":
            self.shop.pays(self.number)
        elif step.startswith("back"):
            self.shop.refunds(self.number, step.removeprefix("back "))
        elif step.startswith("total"):
            total = step.removeprefix("total ")
            (line,) = self.shop.orders[self.number]["line_items"]
            lines = [line | {"total": total}]
            self.shop._changed(self.number, status="processing", total=total, line_items=lines)
        else:
            self.shop.becomes(self.number, step)
        for _ in range(2):
            self.hook.tell(self.shop.told[-1])
            self.hook.book()
        return self.hook.points(self.name)

    def receipts(self) -> list[tuple[str, str]]:
        """Every activity of it, by its kind and receipt."""
        told = "select kind, external_id from activity where program_id = $1 and external_id ~ $2"
        asked = told + " order by activity_id"
        return self.hook.shop.rows(asked, f"{self.number}(~[0-9]+)?$")  # type: ignore[return-value]


@pytest.fixture(scope="module")
def hook(counter: Counter) -> Hook:
    return Hook(counter)


@pytest.fixture(scope="module")
def as_one(counter: Counter) -> Hook:
    return Hook(counter, AS_ONE_AMOUNT)


def test_each_state_of_a_further_life_is_told_once_more_with_another_moment(hook: Hook) -> None:
    order = Order(hook, "moments")
    told = order.goes("pays", "failed", "processing", "failed", "cancelled", "completed",
                      "processing", "cancelled", "failed", "refunded", "processing")  # fmt: skip
    assert told == [30, 0, 30, 0, 0, 30, 30, 0, 0, 0, 30]
    assert {state for state, *_ in hook.states()} == {"booked"}
    kinds = [kind for kind, _ in order.receipts()]
    assert (kinds.count("purchase"), kinds.count("return")) == (4, 3)


def test_what_comes_back_of_a_further_life_is_taken_once_and_something_new_is_taken(
    as_one: Hook,
) -> None:
    order = Order(as_one, "refunds")
    told = order.goes("pays", "back 10.00", "cancelled", "completed", "back 5.00", "processing",
                      "completed", "failed", "processing", "back 3.00", "completed")  # fmt: skip
    assert told == [30, 20, 0, 20, 15, 15, 15, 0, 15, 12, 12]
    assert {state for state, *_ in as_one.states()} == {"booked"}


def test_a_sale_that_was_credited_lives_again_as_that_members(hook: Hook) -> None:
    order = Order(hook, "credited", "guest@x.org")
    member(hook, "credited")
    assert order.goes("pays") == [0]
    (row,) = hook.shop.rows(
        "select activity_id from activity where program_id = $1 and external_id = $2",
        str(order.number),
    )
    wish = {"sale": {"id": f"act_{row[0].hex}"}, "member": {"card": "credited"}}
    assert hook.counter.post("/v1/late-credits", wish).status_code == 201
    assert order.goes("cancelled", "failed") == [0, 0]
    assert hook.shop.rows("select 1 from waiting_return where program_id = $1") == []
    assert order.goes("completed", "processing", "failed", "completed") == [30, 30, 0, 30]


def test_a_sale_of_nobody_that_lives_again_is_credited_and_comes_back(hook: Hook) -> None:
    order = Order(hook, "later", "guest@x.org")
    member(hook, "later")
    assert order.goes("pays", "failed", "processing") == [0, 0, 0]
    sale = {"source": f"web-{hook.mark}", "external_id": str(order.number)}
    wish = {"sale": sale, "member": {"card": "later"}}
    answer = hook.counter.post("/v1/late-credits", wish)
    assert answer.status_code == 201, answer.text
    assert hook.points("later") == 30
    assert order.goes("failed", "cancelled", "processing") == [0, 0, 30]


def test_an_order_that_is_paid_again_with_another_total_counts_with_that(hook: Hook) -> None:
    order = Order(hook, "other")
    assert order.goes("pays", "failed", "total 40.00", "completed") == [30, 0, 40, 40]
    assert order.goes("total 30.00") == [40], "of what stands another total is said"
    assert hook.states()[-1][:2] == ("refused", "key_reused")
    assert order.goes("total 40.00", "failed", "total 50.00") == [40, 0, 50]
    assert [one for one in order.receipts() if one[0] == "purchase"] == [
        ("purchase", f"{order.number}{life}") for life in ("", "~2", "~3")
    ]


def _said_same(order: Order) -> tuple[str, str]:
    """An order in its second life, of which somebody says that it is a till's sale: the event's
    place, and the till's sale."""
    hook = order.hook
    assert order.goes("pays", "failed") == [30, 0]
    till = {
        "kind": "purchase", "source": "till-9", "external_id": f"T-{order.number}",
        "member": {"card": order.name}, "amount": {"minor": 3000, "currency": "EUR"},
    }  # fmt: skip
    sale = hook.counter.post("/v1/activities", till).json()["id"]
    assert order.goes("processing") == [60]
    (event, *_) = hook.counter.get(f"{hook.place}/events?limit=1").json()["items"]
    place = f"{hook.place}/events/{event['id']}"
    assert hook.counter.post(f"{place}/same", {"activity": sale}).status_code == 200
    assert hook.points(order.name) == 30
    return place, sale


def test_what_a_further_life_is_said_to_be_gives_back_what_comes_back(as_one: Hook) -> None:
    order = Order(as_one, "same")
    _said_same(order)
    told = order.goes("back 10.00", "cancelled", "completed", "failed", "processing")
    assert told == [20, 0, 20, 0, 20]


def test_a_further_life_that_is_another_sale_after_all_comes_back_by_itself(as_one: Hook) -> None:
    order = Order(as_one, "another")
    place, sale = _said_same(order)
    wish = {"activities": [sale]}
    assert as_one.counter.post(f"{place}/another", wish).status_code == 202
    as_one.book()
    assert as_one.points("another") == 60
    assert order.goes("back 10.00", "cancelled", "completed", "failed") == [50, 30, 50, 30]


def test_two_workers_at_once_book_the_states_of_an_order_in_that_of_time(hook: Hook) -> None:
    order = Order(hook, "race")
    order.goes("pays")
    order.shop.becomes(order.number, "failed")
    order.shop.becomes(order.number, "processing")
    for state in order.shop.told[-2:]:
        hook.tell(state)
    database, keyed, program_id = hook.shop.database, hook.counter.given.keyed, hook.shop.program_id
    programs = Programs(database)

    async def both() -> None:
        terms = await programs.terms(program_id)
        async with asyncio.TaskGroup() as tasks, database.transaction(program_id) as tx:
            taken = await take_arrivals(tx, 1)
            other = tasks.create_task(Booker(database, programs, keyed)._some(program_id))
            await asyncio.wait([other], timeout=0.5)
            await book_arrivals(tx, terms, keyed, [booking(one, taken, terms)
                                                   for one in taken.arrivals])  # fmt: skip

    hook.shop.run(both())
    hook.book()
    assert hook.points("race") == 30
    assert hook.states()[-2:] == [("booked", "", "")] * 2


def test_whatever_was_told_the_books_hold(hook: Hook) -> None:
    async def wrong() -> dict[str, object]:
        report = await run_verify(await hook.shop.owning())
        return {one.check: one.examples for one in report.wrong}

    assert hook.shop.run(wrong()) == {}
