"""Orders of a Shopify shop are points of its members, whatever comes of them, in any order."""

from __future__ import annotations

from itertools import permutations
from random import Random

import pytest
from tests.surfaces.connect.shopify.shop import Hook
from tests.surfaces.connect.woocommerce.test_orders import member
from tests.surfaces.counter import problem

from regulars.insight.verify.catalogue import checks


def tell_all(hook: Hook) -> None:
    for order in hook.store.told:
        assert hook.tell(order).status_code == 202
    hook.book()


def test_a_signed_order_is_points_on_a_members_balance(hook: Hook) -> None:
    email = member(hook, "ada")
    hook.store.pays(hook.store.order(email, ("tea", "4.50", 2), ("cup", "3.50", 1)))
    tell_all(hook)
    assert hook.points("ada") == 12
    assert hook.states() == [("passed", "", ""), ("booked", "", "")]


def test_pieces_that_come_back_take_back_what_they_gave(hook: Hook) -> None:
    email = member(hook, "back")
    number = hook.store.order(email, ("tea", "4.00", 3), ("cup", "8.00", 1))
    hook.store.pays(number)
    hook.store.refunds(number, {0: 2}, "8.00")
    tell_all(hook)
    assert hook.points("back") == 12
    hook.store.refunds(number, {1: 1}, "8.00")
    tell_all(hook)
    assert hook.points("back") == 4


def test_money_for_no_piece_is_written_down_and_takes_nothing(hook: Hook) -> None:
    email = member(hook, "goodwill")
    number = hook.store.order(email, ("tea", "10.00", 1))
    hook.store.pays(number)
    hook.store.refunds(number, {}, "5.00")
    tell_all(hook)
    assert hook.points("goodwill") == 10
    kinds = hook.shop.rows(
        "select kind from activity where program_id = $1 and source = $2 order by kind",
        f"web-{hook.mark}",
    )
    assert kinds == [("money-back",), ("purchase",)]


@pytest.mark.parametrize("seed", range(6))
def test_in_any_order_the_books_are_the_same(hook: Hook, seed: int) -> None:
    name, store = f"any-{seed}", hook.store
    email = member(hook, name)
    kept, back, gone = (store.order(email, ("tea", "10.00", 3)) for _ in range(3))
    for number in (kept, back, gone):
        store.pays(number)
    store.refunds(kept, {0: 1}, "10.00")
    store.refunds(back, {0: 1}, "10.00")
    store.cancels(gone)
    store.refunds(back, {0: 2}, "20.00")
    store.changed(back, financial_status="refunded")
    told = list(store.told)
    if seed:
        Random(seed).shuffle(told)
    for at, order in enumerate(told):
        assert hook.tell(order).status_code == 202
        if at % 3 == seed % 3:
            hook.book()
    hook.book()
    assert hook.points(name) == 20
    assert {state for state, *_ in hook.states()} == {"booked", "passed"}


def test_what_comes_late_is_passed_as_it_stood_before(hook: Hook) -> None:
    email, store = member(hook, "late"), hook.store
    number = store.order(email, ("tea", "10.00", 3))
    store.pays(number)
    store.refunds(number, {0: 1}, "10.00")
    _, paid, back = store.told
    for order in (back, paid):
        hook.tell(order)
        hook.book()
    assert hook.points("late") == 20
    assert hook.states()[-1] == ("passed", "overtaken", "")


def test_test_orders_and_unpaid_ones_are_left_out(hook: Hook) -> None:
    email, store = member(hook, "trial"), hook.store
    store.pays(store.order(email, ("tea", "10.00", 1), test=True))
    store.changed(store.order(email, ("tea", "10.00", 1)), cancelled_at=store.told[0]["created_at"])
    tell_all(hook)
    assert hook.points("trial") == 0
    assert {state for state, *_ in hook.states()} == {"passed"}


def test_an_order_changed_after_it_was_booked_is_refused_and_says_by_how_much(hook: Hook) -> None:
    email, store = member(hook, "edited"), hook.store
    number = store.order(email, ("tea", "10.00", 3))
    store.pays(number)
    tell_all(hook)
    store.orders[number]["line_items"][0]["quantity"] = 4
    store.changed(number, total_price="40.00")
    tell_all(hook)
    assert hook.points("edited") == 30
    (one,) = hook.counter.get(f"{hook.place}/events?state=refused").json()["items"]
    assert "3000 minor units and is told with 4000 now" in one["reason"]
    assert one["code"] == "key_reused"


def step(hook: Hook, at_once: bool) -> None:
    if not at_once:
        tell_all(hook)


@pytest.mark.parametrize("at_once", [False, True])
def test_an_edited_order_gives_back_what_was_booked_and_ends_at_nothing(
    hook: Hook, at_once: bool
) -> None:
    name, store = f"put-on-{at_once}", hook.store
    number = store.order(member(hook, name), ("tea", "10.00", 3), ("mug", "8.00", 1))
    store.pays(number)
    step(hook, at_once)
    rows = store.orders[number]["line_items"]
    cup = dict(rows[1], id=store.number(), sku="cup", price="10.00")
    rows[:] = [cup, *rows]  # it stands where the tea stood
    store.changed(number, total_price="48.00")
    step(hook, at_once)
    points = []
    for pieces in ({1: 1}, {0: 1, 2: 1}, {0: 0}):
        store.refunds(number, pieces, "10.00")
        step(hook, at_once)
        points.append(hook.points(name))
    if at_once:
        tell_all(hook)
    assert (points if not at_once else hook.points(name)) == ([28, 20, 20] if not at_once else 20)
    store.cancels(number)
    tell_all(hook)
    assert hook.points(name) == 0
    (last, *_) = hook.counter.get(f"{hook.place}/events?state=refused").json()["items"]
    assert "3800 minor units and is told with 4800 now" in last["reason"]
    gave = hook.counter.get(f"{hook.place}/events/{last['id']}").json()["activities"]
    assert sum(one["first"] for one in gave) == 1, "the return of all that was left"
    before = hook.states()
    assert hook.counter.ask("POST", f"{hook.place}/again", {}).status_code == 202
    hook.book()
    assert (hook.points(name), hook.states()) == (0, before)
    sound = next(one.sql for one in checks() if one.name == "arrivals_end")
    assert not hook.counter.shop.rows(f"select * from ({sound}) x where $1 > 0")


def test_an_order_that_tells_fewer_pieces_than_came_back_ends_at_nothing(hook: Hook) -> None:
    store = hook.store
    number = store.order(member(hook, "fewer"), ("tea", "10.00", 3))
    store.pays(number)
    tell_all(hook)
    store.orders[number]["line_items"][0]["quantity"] = 1
    store.orders[number]["total_price"] = "10.00"
    store.refunds(number, {0: 2}, "20.00")
    tell_all(hook)
    assert (hook.points("fewer"), hook.states()[-1][0]) == (30, "refused")
    store.cancels(number)
    tell_all(hook)
    assert hook.points("fewer") == 0


def test_what_was_booked_keeps_its_receipts_whatever_becomes_of_the_mapping(hook: Hook) -> None:
    store = hook.store
    number = store.order(member(hook, "receipts"), ("tea", "10.00", 3), order_number=1001)
    own = "external_id: id\n        occurred_at: paid_at"
    assert own in hook.mapping
    other = hook.mapping.replace(own, own.replace(": id", ": order_number"))
    assert hook.counter.ask("PATCH", hook.place, {"mapping": other}).status_code == 200
    assert hook.counter.ask("PATCH", hook.place, {"mapping": hook.mapping}).status_code == 200
    store.pays(number)
    tell_all(hook)
    told = hook.counter.ask("PATCH", hook.place, {"mapping": other})
    assert problem(told)[:2] == (422, "invalid")
    assert "column: id" in told.text
    assert "order, purchase" in told.text
    back = hook.mapping.replace("prefix: refund-", "prefix: back-")
    assert problem(hook.counter.ask("PATCH", hook.place, {"mapping": back}))[0] == 422
    more = hook.mapping.replace("currency: currency", "currency: currency\n        store: name")
    assert hook.counter.ask("PATCH", hook.place, {"mapping": more}).status_code == 200


def test_what_is_cancelled_while_a_part_is_owed_is_back(hook: Hook) -> None:
    email, store = member(hook, "owed"), hook.store
    number, never = (store.order(email, ("tea", "10.00", 3)) for _ in range(2))
    store.pays(number)
    for each, total in ((number, "40.00"), (never, "30.00")):
        store.changed(each, financial_status="partially_paid", total_price=total)
    tell_all(hook)
    assert hook.points("owed") == 30
    for each in (number, never):
        store.changed(each, cancelled_at=store.told[0]["created_at"])
    tell_all(hook)
    assert hook.points("owed") == 0
    assert [each[:2] for each in hook.states()[-2:]] == [
        ("refused", "key_reused"), ("passed", "never_paid"),
    ]  # fmt: skip
    assert len(booked(hook)) == 2, "of what was never paid nothing is booked"


def test_who_has_no_member_yet_is_nobody_and_a_guest_too(hook: Hook) -> None:
    store = hook.store
    store.pays(store.order("stranger@x.org", ("tea", "10.00", 1)))
    store.pays(store.order("", ("tea", "10.00", 1), customer=None))
    tell_all(hook)
    assert {state for state, *_ in hook.states()} == {"booked", "passed"}


@pytest.mark.parametrize("has_line", [True, False])
def test_a_tip_alone_is_no_purchase_and_nothing_is_booked_or_given_back(
    hook: Hook, has_line: bool
) -> None:
    name, store = f"tip-{has_line}", hook.store
    rows = [("", "5.00", 1)] if has_line else []
    number = store.order(member(hook, name), *rows, total_tip_received="5.00", total_price="5.00")
    for row in store.orders[number]["line_items"]:
        row |= {"sku": None, "name": "Tip", "tip": {"payment_gateway": None}}
    store.pays(number)
    store.refunds(number, {0: 1} if has_line else {}, "5.00")
    store.changed(number, financial_status="refunded")
    tell_all(hook)
    assert (hook.points(name), booked(hook)) == (0, [])
    assert hook.states() == [("passed", "", ""), *[("passed", "no_goods", "")] * 3]
    (last, *_) = hook.counter.get(f"{hook.place}/events").json()["items"]
    assert last["reason"] == "no goods were sold: a tip alone is no purchase"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
@pytest.mark.parametrize("at_once", [False, True])
def test_what_was_never_paid_and_is_cancelled_books_nothing_and_says_why(
    hook: Hook, order: tuple[int, ...], at_once: bool
) -> None:
    name, store = f"never-{at_once}-{order[0]}{order[1]}", hook.store
    number = store.order(member(hook, name), ("tea", "10.00", 3))
    store.changed(number, financial_status="partially_paid")
    store.changed(number, cancelled_at=store.told[0]["created_at"])
    for at in order:
        hook.tell(store.told[at])
        if not at_once:
            hook.book()
    hook.book()
    assert (hook.points(name), booked(hook)) == (0, [])
    page = hook.counter.get(f"{hook.place}/events?state=passed").json()["items"]
    (one,) = [each for each in page if each["code"] == "never_paid"]
    assert one["reason"] == "it was cancelled before all of it was paid, so nothing was booked"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
@pytest.mark.parametrize("at_once", [False, True])
def test_what_was_paid_once_is_nothing_in_the_end_in_any_order(
    hook: Hook, order: tuple[int, ...], at_once: bool
) -> None:
    name, store = f"once-{at_once}-{order[0]}{order[1]}", hook.store
    number = store.order(member(hook, name), ("tea", "10.00", 3))
    store.told.clear()
    store.pays(number)
    store.changed(number, financial_status="partially_paid", total_price="40.00")
    store.changed(number, cancelled_at=store.told[0]["created_at"])
    for at in order:
        hook.tell(store.told[at])
        if not at_once:
            hook.book()
    hook.book()
    assert hook.points(name) == 0
    kinds = [kind for kind, _ in booked(hook)]
    assert kinds in ([], ["purchase", "return"])


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_what_is_taken_off_an_order_is_back_in_any_order(
    hook: Hook, order: tuple[int, ...]
) -> None:
    name, store = "off-" + "".join(map(str, order)), hook.store
    number = store.order(member(hook, name), ("tea", "10.00", 3), ("mug", "8.00", 1))
    store.told.clear()
    store.pays(number)
    edit = store.refunds(number, {1: 1}, "0.00")  # an edit is told as pieces without money
    edit["transactions"], edit["refund_line_items"][0]["restock_type"] = [], "no_restock"
    store.orders[number]["line_items"][1]["current_quantity"] = 0
    store.told.pop()
    store.changed(number, financial_status="paid", current_total_price="30.00")
    store.refunds(number, {0: 1}, "10.00")
    store.refunds(number, {0: 1}, "10.00")
    for at in order:
        for _ in range(2):
            assert hook.tell(store.told[at]).status_code == 202
            hook.book()
    assert hook.points(name) == 10
    assert {state for state, *_ in hook.states()} <= {"booked", "passed"}


@pytest.mark.parametrize("order", list(permutations(range(1, 4))))
def test_what_comes_back_before_or_after_pieces_were_put_on_comes_to_the_same(
    hook: Hook, order: tuple[int, ...]
) -> None:
    name, store = "on-" + "".join(map(str, order)), hook.store
    number = store.order(member(hook, name), ("tea", "10.00", 3), ("mug", "8.00", 1))
    store.told.clear()
    store.pays(number)
    rows = store.orders[number]["line_items"]
    rows.append(dict(rows[1], id=store.number(), sku="cup", price="10.00", current_quantity=1))
    store.changed(number, total_price="48.00", current_total_price="48.00")
    store.refunds(number, {0: 1}, "10.00")
    store.refunds(number, {2: 1}, "10.00")
    for at in (0, *order):
        for _ in range(2):
            assert hook.tell(store.told[at]).status_code == 202
            hook.book()
    assert hook.points(name) == 28
    assert sorted(kind for kind, _ in booked(hook)) == ["purchase", "return"]


def booked(hook: Hook) -> list[tuple[str, str]]:
    """Every activity that came of it: its kind and receipt."""
    return hook.shop.rows(_BOOKED, f"web-{hook.mark}")  # type: ignore[return-value]


_BOOKED = """
select kind, external_id from activity where program_id = $1 and source = $2 order by activity_id
"""
