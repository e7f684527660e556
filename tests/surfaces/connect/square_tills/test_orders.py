"""Orders of a Square till are points of its members, whatever comes of them, in any order."""

from __future__ import annotations

from random import Random

import pytest
from tests.surfaces.connect.square_tills.account import Account
from tests.surfaces.connect.square_tills.hook import Endpoint
from tests.surfaces.counter import Counter

TEA = ("Tea", "3", 1000)
CAKE = ("Cake", "1", 500)


def known(hook: Endpoint, name: str) -> str:
    """A member who stands in the seller's directory, too; by their id there."""
    return hook.account.customer(email_address=hook.member(name))


def test_what_is_paid_at_the_till_is_points_on_a_members_balance(hook: Endpoint) -> None:
    who, account = known(hook, "q-ada"), hook.account
    order = account.order(TEA, CAKE, customer=who)
    hook.hear()
    assert hook.points("q-ada") == 0
    account.pays(order, tip=200)
    hook.hear()
    assert hook.points("q-ada") == 35, "a tip gives nothing"
    assert {state for state, *_ in hook.states()} == {"booked", "passed"}


def test_an_event_says_nothing_of_an_order_and_is_asked_about(hook: Endpoint) -> None:
    who, account = known(hook, "q-hint"), hook.account
    account.sells(TEA, customer=who)
    lies = account.told[-1]
    lies["data"]["object"]["order_updated"] |= {"total_money": {"amount": 9_000_000}}
    hook.tell(lies)
    hook.work()
    assert hook.points("q-hint") == 30


@pytest.mark.parametrize("by", ["phone", "reference", "email"])
def test_a_customer_is_found_by_telephone_reference_or_e_mail(hook: Endpoint, by: str) -> None:
    name, account = f"q-by-{by}", hook.account
    number = f"+4930{200_000_00 + sum(by.encode())}"
    email = hook.member(name, phone=number)
    member = hook.counter.get(f"/v1/members?email={email}").json()
    fields = {
        "phone": {"phone_number": number},
        "email": {"email_address": email.upper()},
        "reference": {"reference_id": member["items"][0]["number"]},
    }[by]
    account.sells(TEA, customer=account.customer(**fields))
    hook.account.told = [one for one in account.told if not one["type"].startswith("customer")]
    hook.hear()
    assert hook.points(name) == 30


def test_who_was_found_once_stays_known_by_their_id_there(hook: Endpoint) -> None:
    account, who = hook.account, known(hook, "q-named")
    hook.hear()
    account.customers[who] |= {"email_address": "another@x.org"}
    account.sells(TEA, customer=who)
    hook.hear()
    assert hook.points("q-named") == 30


def test_pieces_that_come_back_take_back_what_they_gave(hook: Endpoint) -> None:
    who, account = known(hook, "q-back"), hook.account
    order = account.sells(TEA, CAKE, customer=who)
    account.takes_back(order, {0: "2"})
    hook.hear()
    assert hook.points("q-back") == 15
    account.takes_back(order, {1: "1"})
    hook.hear()
    assert hook.points("q-back") == 10
    account.takes_back(order, {0: "1"})
    hook.hear()
    assert (hook.points("q-back"), hook.kinds("money-back")) == (0, 0)


def test_money_for_no_piece_is_written_down_and_closes_the_sale_with_the_rest(
    hook: Endpoint,
) -> None:
    who, account = known(hook, "q-money"), hook.account
    order = account.sells(TEA, customer=who)
    account.gives_money_back(order, 1000)
    hook.hear()
    assert (hook.points("q-money"), hook.kinds("money-back")) == (30, 1)
    account.gives_money_back(order, 2000, source=False)
    hook.hear()
    assert (hook.points("q-money"), hook.kinds("money-back")) == (0, 2)


def test_money_that_was_refused_is_not_back(hook: Endpoint) -> None:
    who, account = known(hook, "q-refused"), hook.account
    order = account.sells(TEA, customer=who)
    back = account.takes_back(order, {0: "3"}, status="PENDING")
    hook.hear()
    assert hook.points("q-refused") == 30, "it is on its way, and not there"
    account.settles(back, "FAILED")
    hook.hear()
    assert hook.points("q-refused") == 30
    other = account.takes_back(order, {0: "3"}, status="PENDING")
    hook.hear()
    account.settles(other, "APPROVED")
    hook.hear()
    assert hook.points("q-refused") == 0


def test_what_is_weighed_is_one_piece_and_comes_back_whole_or_as_money(hook: Endpoint) -> None:
    who, account = known(hook, "q-weighed"), hook.account
    order = account.sells(("Beans", "1.250", 800), customer=who)
    account.takes_back(order, {0: "0.250"})
    hook.hear()
    assert (hook.points("q-weighed"), hook.kinds("money-back")) == (10, 1)
    other = account.sells(("Beans", "1.250", 800), customer=who)
    account.takes_back(other, {0: "1.250"})
    hook.hear()
    assert (hook.points("q-weighed"), hook.kinds("money-back")) == (10, 1)


def test_what_is_only_asked_for_at_the_bank_is_not_paid(hook: Endpoint) -> None:
    who, account = known(hook, "q-card"), hook.account
    order = account.order(TEA, customer=who)
    account.pays(order, by="CARD", done=False)
    tender = account.orders[order]["tenders"][0]
    tender["card_details"] = {"status": "AUTHORIZED"}
    hook.hear()
    assert hook.points("q-card") == 0
    tender["card_details"] = {"status": "CAPTURED"}
    account._changed(order)
    hook.hear()
    assert hook.points("q-card") == 30
    account._changed(order, state="COMPLETED", closed_at="2026-03-09T09:00:00.000Z")
    hook.hear()
    assert hook.points("q-card") == 30
    assert hook.kinds("purchase") == 1


@pytest.mark.parametrize("seed", range(4))
def test_in_any_order_the_books_are_the_same(counter: Counter, seed: int) -> None:
    hook = Endpoint(counter, Account())
    account, who = hook.account, known(hook, f"q-shuffled-{seed}")
    one, other, third = (account.sells(TEA, CAKE, customer=who) for _ in range(3))
    account.takes_back(one, {0: "1"})
    account.gives_money_back(other, 500)
    account.takes_back(third, {0: "1", 1: "1"})
    account.gives_money_back(other, 3000)
    account.takes_back(third, {0: "2"})
    told = list(account.told)
    Random(seed).shuffle(told)
    hook.shop.now = max(hook.shop.now, account.clock)
    for at, event in enumerate(told):
        assert hook.tell(event).status_code == 202
        if at % 4 == seed:
            hook.work()
    hook.work()
    assert hook.points(f"q-shuffled-{seed}") == 25
    assert {state for state, *_ in hook.states()} == {"booked", "passed"}
    counter.ask("DELETE", hook.place)


def test_an_older_version_that_comes_late_is_passed(hook: Endpoint) -> None:
    who, account = known(hook, "q-late"), hook.account
    order = account.sells(TEA, customer=who)
    account.orders[order]["version"] = 7
    hook.hear()
    old = account.orders[order] | {"version": 6, "state": "OPEN", "tenders": []}
    account.orders[order] = old
    hook.tell(account.told[-1] | {"event_id": "e-slow"})  # whoever answers is behind
    hook.work()
    assert hook.points("q-late") == 30
    assert hook.became()[-1] == ("passed", "overtaken")


def test_a_sale_paid_by_two_is_closed_once_both_have_their_money_back(hook: Endpoint) -> None:
    who, account = known(hook, "q-two"), hook.account
    order = account.sells(TEA, customer=who)
    (tender,) = account.orders[order]["tenders"]
    first = account.payments[tender["id"]]
    first |= {"amount_money": account.money(1000), "total_money": account.money(1000)}
    other = account.number("P")
    account.payments[other] = first | {"id": other, "total_money": account.money(2000)}
    tender["amount_money"] = account.money(1000)
    more = tender | {"id": other, "payment_id": other, "amount_money": account.money(2000)}
    account._changed(order, tenders=[tender, more])
    account.gives_money_back(order, 1000)
    hook.hear()
    assert (hook.points("q-two"), hook.kinds("money-back")) == (30, 1)
    account.orders[order]["tenders"].reverse()  # the rest goes to the other card
    account.gives_money_back(order, 2000)
    hook.hear()
    assert (hook.points("q-two"), hook.kinds("money-back")) == (0, 2)


def test_money_in_another_currency_closes_nothing(hook: Endpoint) -> None:
    who, account = known(hook, "q-yen"), hook.account
    order = account.sells(TEA, customer=who)
    account.currency = "JPY"
    account.gives_money_back(order, 3000)
    hook.hear()
    assert hook.points("q-yen") == 30
    account.currency = "EUR"


def test_what_a_reward_took_off_gives_no_points_and_comes_back_with_its_line(
    hook: Endpoint,
) -> None:
    who, account = known(hook, "q-reward"), hook.account
    order = account.order(TEA, CAKE, customer=who)
    tea, _ = account.orders[order]["line_items"]
    off = account.money(1000)
    tea |= {
        "total_discount_money": off,
        "total_money": account.money(2000),
        "applied_discounts": [{"uid": "a1", "discount_uid": "d1", "applied_money": off}],
    }
    account.orders[order] |= {
        "discounts": [{"uid": "d1", "scope": "LINE_ITEM", "applied_money": off,
                       "reward_ids": ["our-reward"], "pricing_rule_id": "PR1"}],
        "rewards": [{"id": "our-reward", "reward_tier_id": "T1"}],
        "total_discount_money": off, "total_money": account.money(2500),
    }  # fmt: skip
    account.pays(order)
    hook.hear()
    assert hook.points("q-reward") == 25
    account.takes_back(order, {0: "3"})
    hook.hear()
    assert hook.points("q-reward") == 5
