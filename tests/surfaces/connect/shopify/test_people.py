"""What a shop says of people: who they are there, what they ask for, and that it leaves."""

from __future__ import annotations

from collections import Counter as Counted
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from tests.surfaces.connect.shopify.shop import AT, FIRST, Hook, said
from tests.surfaces.connect.woocommerce.test_orders import member
from tests.surfaces.counter import problem

from regulars.runtime.working.inlets import catcher


def customer(number: int, email: str, **more: Any) -> dict[str, Any]:
    """A customer as `customers/create` and `customers/update` tell them."""
    said = {"id": number, "email": email, "phone": None, "verified_email": True, "addresses": []}
    return said | more


def asks(number: int, email: str, **more: Any) -> dict[str, Any]:
    who = {"id": number, "email": email, "phone": "+4930123456"}
    return {"shop_id": 954889, "shop_domain": "tea.myshopify.com", "customer": who} | more


def outcome(hook: Hook) -> tuple[str, str]:
    hook.book()
    return hook.states()[-1][:2]


def test_customers_of_two_shops_are_one_member(hook: Hook) -> None:
    email, store = member(hook, "p-two"), hook.store
    hook.tell(customer(FIRST + 5, email))
    assert outcome(hook) == ("passed", "named")
    who = {"id": FIRST + 5, "email": "elsewhere@x.org", "phone": None}
    store.pays(store.order("elsewhere@x.org", ("tea", "10.00", 1), customer=who))
    hook.tell(store.told[-1])
    hook.book()
    assert hook.points("p-two") == 10
    hook.tell(customer(FIRST + 5, email, note="again"))
    assert outcome(hook) == ("passed", "named")


def test_nobody_is_made_one_with_somebody_else(hook: Hook) -> None:
    one, other = member(hook, "p-one"), member(hook, "p-other")
    hook.tell(customer(FIRST + 6, one))
    hook.book()
    hook.tell(customer(FIRST + 6, other))
    assert outcome(hook) == ("passed", "named"), "who is known by their number there stays it"
    hook.tell(customer(FIRST + 7, "p-nobody@x.org"))
    assert outcome(hook) == ("passed", "nobody")
    hook.tell(customer(FIRST + 8, one, verified_email=False))
    assert outcome(hook) == ("passed", "")
    found = hook.counter.get(f"/v1/members?external=shopify-{FIRST + 8}")
    assert "p-one" not in found.text


def test_who_is_to_be_forgotten_is_erased_with_all_that_names_them(hook: Hook) -> None:
    email, store = member(hook, "p-gone"), hook.store
    store.pays(store.order(email, ("tea", "10.00", 1)))
    hook.tell(store.told[-1])
    hook.book()
    hook.tell(asks(FIRST + 9, email, orders_to_redact=[1]), "customers/redact")
    assert outcome(hook) == ("passed", "erased")
    assert kept_of(hook, email) == 0
    store.changed(next(iter(store.orders)), note="later")
    store.pays(store.order(email, ("tea", "10.00", 1)))
    hook.tell(store.told[-1])
    assert outcome(hook) == ("refused", "member_erased")
    hook.tell(asks(FIRST + 9, email, orders_to_redact=[1, 2]), "customers/redact")
    assert outcome(hook) == ("passed", "nobody")


def test_who_was_forgotten_since_pages_were_asked_for_is_named_by_none_of_them(hook: Hook) -> None:
    store, email = hook.store, "p-later@x.org"
    for _ in range(12):
        store.pays(store.order(email, ("tea", "10.00", 1)))
    hook.connects(AT)
    told = hook.tell(asks(FIRST + 11, email, orders_to_redact=[]), "customers/redact")
    assert told.status_code == 202, told.text
    take_in, booker, taken = hook.catcher._taken_in, hook.booker, []

    async def meanwhile(*told: Any) -> Any:
        if not taken:
            await booker.book(hook.shop.program_id)
            for one in store.orders.values():
                one |= {"email": None, "customer": None}
        taken.append(await take_in(*told))
        return taken[-1]

    hook.catcher._taken_in = meanwhile
    assert hook.catch_up()["found"] == 12
    assert not taken[0][1], "thrown away, and asked for again"
    assert kept_of(hook, email) == 0
    hook.book()
    assert Counted(state for state, *_ in hook.states()) == {"booked": 12, "passed": 1}


def test_neither_are_they_by_a_page_with_nothing_behind_it(hook: Hook) -> None:
    store, email = hook.store, "p-last@x.org"
    store.pays(store.order(email, ("tea", "10.00", 1)))
    hook.connects(AT)
    send, forgotten = hook.catcher._send, []

    async def meanwhile(sending: Any) -> Any:
        """The shop's answer is on its way while it is told, and booked, that they are forgotten."""
        answer = await send(sending)
        if email.encode() in answer.body and not forgotten:
            gone = asks(FIRST + 12, email, orders_to_redact=[])
            forgotten.append(msgspec.json.encode(gone))
            headers = hook.headers(forgotten[0], "customers/redact")
            told = await hook.counter.client.post(
                hook.address, content=forgotten[0], headers=headers
            )
            assert told.status_code == 202, told.text
            await hook.booker.book(hook.shop.program_id)
            for one in store.orders.values():
                one |= {"email": None, "customer": None}
        return answer

    hook.catcher._send = meanwhile
    assert hook.catch_up()["found"] == 1
    assert forgotten
    assert kept_of(hook, email) == 0


def test_who_was_forgotten_long_before_holds_up_no_page(
    hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits again is older than their request; asked without a pause, a shop would ask for
    one, and nothing of it would be kept."""
    monkeypatch.setattr(catcher, "TURN_S", 0.6)
    monkeypatch.setattr(hook.catcher, "_patience_s", 0.3)
    store = hook.store
    store.pays(store.order("p-early@x.org", ("tea", "10.00", 1)))
    hook.tell(store.told[-1])
    hook.tell(asks(FIRST + 13, "p-early@x.org", orders_to_redact=[]), "customers/redact")
    hook.book()
    hook.shop.rows(
        """update arrival set state = 'waiting', try_at = settled_at, settled_at = null,
                  body = 'x' where program_id = $1 and arrival_id = (
                      select arrival_id from arrival where program_id = $1 order by 1 limit 1)"""
    )
    store.pays(store.order("p-new@x.org", ("tea", "10.00", 1)))
    hook.connects(AT)
    store.asked.clear()
    assert hook.catch_up()["found"] > 0
    assert len(store.asked) < 4


def kept_of(hook: Hook, email: str) -> int:
    """How many bodies name them."""
    asked = "select count(*) from arrival where program_id = $1 and convert_from(body, 'utf8') like"
    ((count,),) = hook.shop.rows(f"{asked} $2", f"%{email}%")
    return int(count)


def test_who_asks_what_is_kept_stays_open_until_somebody_saw_to_it(hook: Hook) -> None:
    email = member(hook, "p-asks")
    hook.tell(asks(FIRST + 10, email, data_request={"id": 9}), "customers/data_request")
    assert outcome(hook) == ("refused", "asks_for_data")
    hook.counter.ask("POST", f"{hook.place}/again", {})
    assert outcome(hook) == ("passed", "answered")
    hook.tell(asks(FIRST + 11, "p-none@x.org", data_request={"id": 10}), "customers/data_request")
    assert outcome(hook) == ("passed", "nobody")


def test_a_shop_that_leaves_has_its_keys_deleted(hook: Hook) -> None:
    leaves = {"shop_id": 954889, "shop_domain": "tea.myshopify.com"}
    hook.tell(leaves | {"shop_domain": "other.myshopify.com"}, "shop/redact")
    assert outcome(hook) == ("passed", "elsewhere")
    assert hook.counter.get(f"{hook.place}/catch-up").status_code == 200
    hook.tell(leaves, "shop/redact")
    assert outcome(hook) == ("passed", "left")
    assert problem(hook.counter.get(f"{hook.place}/catch-up"))[:2] == (404, "not_found")
    hook.later(seconds=2)
    assert hook.tell(leaves).status_code == 401


@pytest.mark.parametrize("who", [None, {}, {"id": []}, {"id": 7, "email": []}, {"id": True}])
def test_whom_nobody_can_read_is_kept_with_its_field(hook: Hook, who: Any) -> None:
    told = asks(1, "x@x.org", orders_to_redact=[]) | {"customer": who}
    assert hook.tell(told).status_code == 202
    hook.book()
    state, _, field = hook.states()[-1]
    assert (state, field.partition(".")[0]) == ("unfit", "customer")


def test_who_bought_is_told_with_the_orders_where_their_address_is_sure(hook: Hook) -> None:
    store = hook.store
    for at, (name, sure) in enumerate((("p-sure", True), ("p-unsure", False))):
        who = {"id": FIRST + 60 + at, "email": member(hook, name), "phone": None}
        store.pays(
            store.order(
                "a-gift@x.org", ("tea", "10.00", 1), customer=who | {"verified_email": sure}
            )
        )
    hook.connects(AT)
    assert hook.catch_up()["problem"] == ""
    hook.book()
    assert (hook.points("p-sure"), hook.points("p-unsure")) == (10, 0)


def test_who_joined_after_they_bought_is_known_by_what_they_buy_next(hook: Hook) -> None:
    store = hook.store
    who = {"id": FIRST + 64, "email": "p-since@x.org", "phone": None, "verified_email": True}
    store.pays(store.order("a-gift@x.org", ("tea", "10.00", 1), customer=who))
    hook.connects(AT)
    hook.catch_up()
    hook.book()
    assert ("passed", "nobody", "") in hook.states()
    assert member(hook, "p-since") == who["email"]
    hook.later(days=1)
    store.clock += timedelta(days=1)
    who["updated_at"] = said(store.clock)
    store.pays(store.order("a-gift@x.org", ("tea", "10.00", 1), customer=who))
    assert hook.catch_up()["problem"] == ""
    hook.book()
    assert hook.points("p-since") == 10
