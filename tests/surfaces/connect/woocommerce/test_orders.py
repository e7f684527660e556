"""Orders of a WooCommerce shop are points of its members, whatever comes of them, in any order."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations
from random import Random

import pytest
from tests.surfaces.connect.woocommerce.shop import AS_ONE_AMOUNT, AT, Hook, WooShop
from tests.surfaces.counter import Counter

from regulars.insight.verify.run import run_verify


@pytest.fixture(scope="module")
def hook(counter: Counter) -> Hook:
    return Hook(counter)


def member(hook: Hook, name: str) -> str:
    """Somebody with an e-mail and a card of this name."""
    said = [{"kind": "email", "value": f"{name}@x.org"}, {"kind": "card", "value": name}]
    answer = hook.counter.post("/v1/members", {"identifiers": said})
    assert answer.status_code == 201, answer.text
    return f"{name}@x.org"


def test_a_signed_order_is_points_on_a_members_balance(hook: Hook) -> None:
    shop, email = WooShop(1000), member(hook, "ada")
    number = shop.order("12.50", email)
    shop.pays(number)
    for order in shop.told:
        assert hook.tell(order).status_code == 202
    hook.book()
    assert hook.points("ada") == 12
    assert hook.states() == [("passed", "", ""), ("booked", "", "")]


def test_the_first_call_is_answered_by_200_and_nothing_is_kept(hook: Hook) -> None:
    before = len(hook.states())
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert hook.post(b"webhook_id=5", form).status_code == 200
    assert hook.post(b"webhook_id=5&order=1", form).status_code == 401
    assert hook.post(b"webhook_id=5", form | {"x-wc-webhook-signature": "x"}).status_code == 401
    assert len(hook.states()) == before


@pytest.mark.parametrize("seed", range(3))
def test_in_any_order_the_books_are_the_same(hook: Hook, seed: int) -> None:
    before = Hook(hook.counter, AS_ONE_AMOUNT)
    _shuffled(before, seed, 0)
    assert {state for state, *_ in before.states()} == {"booked", "passed"}


@pytest.mark.parametrize("seed", range(3))
def test_in_any_order_the_books_are_the_same_by_pieces(hook: Hook, seed: int) -> None:
    _shuffled(hook, 10 + seed, 10)
    assert {state for state, *_ in hook.states()} == {"booked", "passed"}


def _shuffled(hook: Hook, seed: int, pieces: int) -> None:
    name = f"shuffled-{seed}"
    shop, email = WooShop(2000 + 100 * seed), member(hook, name)
    kept, back, gone = (shop.order("30.00", email) for _ in range(3))
    for number in (kept, back, gone):
        shop.pays(number)
    some = [{1: count} if pieces else None for count in (4, 5, 5)]
    shop.refunds(kept, "12.00", some[0])
    shop.refunds(back, "15.00", some[1])
    shop.becomes(gone, "cancelled")
    shop.refunds(back, "15.00", some[2])
    shop.becomes(back, "refunded")
    if pieces:
        hook.asks(shop, AT)
    told = list(shop.told)
    if seed % 10:
        Random(seed).shuffle(told)
    for at, order in enumerate(told):
        assert hook.tell(order).status_code == 202
        if at % 3 == seed % 3:
            hook.look() if pieces else hook.book()
    hook.look() if pieces else hook.book()
    assert hook.points(name) == 18


def test_a_payment_that_bounces_takes_its_points_and_while_it_is_doubted_they_stay(
    hook: Hook,
) -> None:
    shop, email = WooShop(4000), member(hook, "bounced")
    number = shop.order("30.00", email)
    points = []
    for step in ("pays", "on-hold", "failed"):
        shop.pays(number) if step == "pays" else shop.becomes(number, step)
        hook.tell(shop.told[-1])
        hook.book()
        points.append(hook.points("bounced"))
    assert points == [30, 30, 0]


def test_what_comes_late_is_passed_as_it_stood_before(hook: Hook) -> None:
    shop, email = WooShop(5000), member(hook, "late")
    number = shop.order("30.00", email)
    shop.pays(number)
    shop.refunds(number, "10.00")
    _, paid, back = shop.told
    hook = Hook(hook.counter, AS_ONE_AMOUNT)
    hook.tell(back)
    hook.book()
    hook.tell(paid)
    hook.book()
    assert hook.points("late") == 20
    assert hook.states()[-1] == ("passed", "overtaken", "")


def test_an_order_changed_after_it_was_booked_is_refused_and_says_by_how_much(hook: Hook) -> None:
    shop, email = WooShop(6000), member(hook, "changed")
    number = shop.order("30.00", email)
    shop.pays(number)
    hook.tell(shop.told[-1])
    hook.book()
    shop.orders[number]["total"] = "45.00"
    shop.becomes(number, "completed")
    hook.tell(shop.told[-1])
    hook.book()
    assert hook.points("changed") == 30
    assert hook.states()[-1] == ("refused", "key_reused", "goods")
    (one,) = hook.counter.get(f"{hook.place}/events?state=refused").json()["items"]
    assert "3000 minor units and is told with 4500 now" in one["reason"]


def test_who_joins_between_two_states_does_not_have_the_order_refused(hook: Hook) -> None:
    shop = WooShop(7000)
    number = shop.order("30.00", "joins@x.org", customer=44)
    shop.pays(number)
    hook.tell(shop.told[-1])
    hook.book()
    member(hook, "joins")
    shop.becomes(number, "completed")
    hook.tell(shop.told[-1])
    hook.book()
    assert hook.states()[-2:] == [("booked", "", ""), ("booked", "", "")]
    assert hook.points("joins") == 0


def test_a_payment_that_failed_first_is_one_sale_at_the_time_it_was_paid(hook: Hook) -> None:
    shop, email = WooShop(20_000), member(hook, "at-last")
    failed, held = (shop.order("30.00", email) for _ in range(2))
    shop.becomes(failed, "failed")
    shop.becomes(held, "on-hold")
    shop.becomes(held, "cancelled")
    shop.clock += timedelta(hours=2)
    for number in (failed, held):
        shop.pays(number)
        shop.becomes(number, "completed")
    for order in shop.told:
        hook.tell(order)
        hook.book()
    assert hook.points("at-last") == 60
    for number in (failed, held):
        ((kind, at),) = _told(hook, number)
        assert (kind, f"{at:%H}") == ("purchase", "11"), "two hours after it was ordered"


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_failed_after_it_was_booked_and_is_paid_again_counts_once_in_any_order(
    hook: Hook, order: tuple[int, ...], at_once: bool
) -> None:
    place = list(permutations(range(3))).index(order)
    name, shop = f"again-{at_once}-{place}", WooShop(21_000 + 100 * place + 1000 * at_once)
    number = shop.order("30.00", member(hook, name))
    shop.told.clear()
    shop.pays(number)
    shop.becomes(number, "failed")
    shop.becomes(number, "processing")
    for at in order:
        for _ in range(2):
            hook.tell(shop.told[at])
        if not at_once:
            hook.book()
    hook.book()
    assert hook.points(name) == 30
    sums = {
        kind: [k for k, _ in _told(hook, number)].count(kind) for kind in ("purchase", "return")
    }
    assert sums["purchase"] - sums["return"] == 1


def test_what_lives_again_gives_back_what_comes_back_and_may_fail_once_more(hook: Hook) -> None:
    shop, email = WooShop(24_000), member(hook, "lives")
    number = shop.order("30.00", email)
    hook = Hook(hook.counter, AS_ONE_AMOUNT)
    points = []
    for step in ("pays", "failed", "pays", "completed", "back", "cancelled", "completed", "failed"):
        if step == "back":
            shop.refunds(number, "10.00")
        elif step == "pays":
            shop.pays(number)
        else:
            shop.becomes(number, step)
        for _ in range(2):
            hook.tell(shop.told[-1])
            hook.book()
        points.append(hook.points("lives"))
    assert points == [30, 0, 30, 30, 20, 0, 20, 0]
    assert {state for state, *_ in hook.states()} == {"booked"}
    told = [one for one, _ in _told(hook, number)]
    assert (told.count("purchase"), told.count("return")) == (3, 3)


def test_an_order_whose_money_went_back_whole_stays_back_whatever_it_is_called(hook: Hook) -> None:
    shop, email = WooShop(25_000), member(hook, "called")
    number = shop.order("30.00", email)
    shop.pays(number)
    shop.refunds(number, "30.00")
    shop.becomes(number, "refunded")
    shop.becomes(number, "completed")
    hook = Hook(hook.counter)  # nobody is asked for pieces
    for order in shop.told[1:]:
        hook.tell(order)
        hook.book()
    assert hook.points("called") == 0
    assert [kind for kind, _ in _told(hook, number)].count("purchase") == 1


def test_whatever_became_of_orders_the_books_hold(hook: Hook) -> None:
    async def wrong() -> dict[str, object]:
        report = await run_verify(await hook.shop.owning())
        return {one.check: one.examples for one in report.wrong}

    assert hook.shop.run(wrong()) == {}


def _told(hook: Hook, number: int) -> list[tuple[str, datetime]]:
    return hook.shop.rows(  # type: ignore[return-value]
        "select kind, occurred_at from activity where program_id = $1 and external_id ~ $2"
        " order by activity_id",
        f"{number}(~[0-9]+)?$",
    )


def test_of_one_second_what_is_closed_stays_closed(hook: Hook) -> None:
    shop, email = WooShop(26_000), member(hook, "second")
    number = shop.order("30.00", email)
    shop.pays(number)
    shop.becomes(number, "failed")
    late = shop.told[-2] | {"date_modified_gmt": shop.told[-1]["date_modified_gmt"]}
    for order in (shop.told[-2], shop.told[-1], late):
        hook.tell(order)
        hook.book()
    assert hook.points("second") == 0
