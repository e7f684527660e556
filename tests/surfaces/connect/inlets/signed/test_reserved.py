"""A return of points that are reserved waits until the reservation ends, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from tests.makers import Shop, by
from tests.surfaces.connect.inlets.sender import Sender, paid, returned
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.flows.commands import Redeem, Settle
from regulars.flows.inlets.again import reserved
from regulars.records.inlets.feeding.read import waiting

REFUSES = """
regulars: 1
program: refuses
name: Refuses
currency: EUR
zone: Europe/Berlin
wallets: {points: {negative: refuse}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 10}, hold_for: 5 hours}
"""


@pytest.fixture
def counter(database: object) -> Iterator[Counter]:
    shop = Shop.open(database, REFUSES)  # type: ignore[arg-type]
    opened = Counter(shop, ticks=lambda: shop.now.timestamp())  # noqa: PLW0108
    yield opened
    opened.close()


@pytest.fixture
def sender(counter: Counter) -> Sender:
    """Ten points were earned, are reserved, and their sale comes back."""
    sender = Sender(counter)
    sender.send("e1", paid("r1"))
    sender.book()
    return sender


def reserves(sender: Sender) -> Redeem:
    (held,) = sender.shop.redeem(Redeem(by(card="shop-7"), "cup"))
    assert held.state == "held"
    sender.send("e2", returned("r1", "b1"))
    sender.book()
    assert sender.states()[1] == ("waiting", "points_reserved", "")
    return held  # type: ignore[no-any-return]


def test_it_is_booked_once_the_reservation_is_over(sender: Sender) -> None:
    reserves(sender)
    tried = []
    for _hours in range(1, 8):
        sender.later(hours=1)
        sender.book()
        tried.append(sender.states()[1][0])
    assert tried == ["waiting"] * 4 + ["booked"] * 3
    assert sender.shop.balances("shop-7") == {}
    assert "lapsed" in [row[0] for row in sender.shop.rows(_STATES)]


def test_it_is_booked_soon_where_the_reward_is_let_go(sender: Sender) -> None:
    held = reserves(sender)
    sender.later(seconds=10)
    sender.shop.settle(Settle(held.redemption_id, "voided"))  # type: ignore[attr-defined]
    sender.book()
    assert sender.states()[1][0] == "waiting", "its turn has not come"
    sender.later(minutes=2)
    sender.book()
    assert sender.states()[1][0] == "booked"


def test_where_the_reward_is_handed_over_it_is_refused_as_spent(sender: Sender) -> None:
    held = reserves(sender)
    sender.shop.settle(Settle(held.redemption_id, "captured"))  # type: ignore[attr-defined]
    sender.later(hours=5)
    sender.book()
    assert sender.states()[1][:2] == ("refused", "points_already_spent")


def test_what_comes_behind_it_is_booked_and_counts_as_nothing_late(sender: Sender) -> None:
    reserves(sender)
    sender.send("e3", paid("r3", customer="8"))
    sender.book()
    assert [state for state, _, _ in sender.states()] == ["booked", "waiting", "booked"]
    counts = sender.counter.get(sender.place).json()
    assert (counts["waiting"], counts["waiting_since"], counts["open"]) == (1, None, 0)
    inlet = UUID(sender.made["id"].removeprefix("inl_"))
    assert sender.shop.do(lambda tx, _: waiting(tx, inlet, 10)) == 0, "nothing is held up by it"


def test_after_two_months_somebody_looks_at_it(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One reservation after the other, each let go before its time is over; two days for sixty."""
    assert timedelta(days=30) < reserved.LONGEST < timedelta(days=90), "so long it is kept"
    monkeypatch.setattr(reserved, "LONGEST", timedelta(days=2))
    hours = 0
    held = reserves(sender)
    while sender.states()[1][0] == "waiting" and hours < 100:
        sender.later(hours=4)
        hours += 4
        sender.book()
        sender.shop.settle(Settle(held.redemption_id, "voided"))  # type: ignore[attr-defined]
        (held,) = sender.shop.redeem(Redeem(by(card="shop-7"), "cup"))
    assert (hours, sender.states()[1][:2]) == (48, ("refused", "points_reserved"))


def test_the_console_says_why_it_waits(sender: Sender) -> None:
    reserves(sender)
    owner = Browser(sender.counter)
    owner.sign_in(somebody(sender.counter).email)
    (event, _) = sender.counter.get(f"{sender.place}/events").json()["items"]
    page = owner.get(f"/console/sources/{sender.made['id']}/{event['id']}").text
    assert "Not booked yet" in page
    assert "ts points are reserved for a reward" in page
    assert "It is tried again by itself until that ends" in page


_STATES = "select state from redemption where program_id = $1"
