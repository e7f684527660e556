"""Accounts of several people that use the shop less are told of, with reasons, and followed up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.flows.points.sharing import SHARING, enter, household
from tests.makers import Shop
from tests.runtime.working.reckoning.test_alerts import World

from regulars.flows.commands import RecordActivity
from regulars.records.activity.types import SaleRef
from regulars.records.members.types import MemberRef
from regulars.records.standing.alerts import read
from regulars.records.standing.alerts.accounts.read import Tried, last_tried
from regulars.records.standing.alerts.types import MemberAlert


class Firms(World):
    """m0 and m1 are one account, m2 and m3 another, m4 is nobody's."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop, 5)
        for head, other in (("m0", "m1"), ("m2", "m3")):
            enter(shop, household(shop, MemberRef(external=head)), MemberRef(external=other))

    def told(self) -> list[MemberAlert]:
        """Alerts about accounts."""
        return self.alerts(kind="account")

    def every(self, name: str, gap: int, since: int, until: int) -> None:
        """Somebody bought each so many days, so long ago."""
        for back in range(since, until, gap):
            self.bought(name, back)


@pytest.fixture
def firms(fresh_database: Any) -> Iterator[Firms]:
    shop = Shop.open(fresh_database, SHARING)
    shop.now = shop.now.replace(hour=12)
    yield Firms(shop)
    shop.close()


def why(one: MemberAlert) -> list[tuple[str, int, int | None]]:
    return [(each.sort, each.have, each.usual) for each in one.reasons]


def test_an_account_is_told_of_once_by_its_own_gap_with_reasons(firms: Firms) -> None:
    firms.every("m0", 10, 21, 180)  # quiet for 21 days, after every ten
    firms.bought("m1", 100)
    firms.every("m2", 10, 20, 180)  # twice its gap, and not more
    household(firms.shop, MemberRef(external="m4"))  # of one person
    firms.every("m4", 10, 60, 180)
    ticket = RecordActivity(kind="ticket", member=MemberRef(external="m1"))
    firms.shop.now -= timedelta(days=3)
    firms.shop.record(ticket)
    firms.shop.record(replace(ticket, source="desk", external_id="t2"))
    firms.shop.record(RecordActivity("return", sale=SaleRef(None, "desk", "t2", "ticket")))
    firms.shop.now += timedelta(days=3)
    firms.night()
    (one,) = firms.told()
    assert (one.member_id, one.kind, one.worth_minor) == (firms.ids["m0"], "account", 17 * 900)
    assert why(one) == [
        ("days_away", 21, 9), ("fewer_orders", 7, 10), ("fewer_people", 1, 2),
        ("more_tickets", 1, 0),
    ]  # fmt: skip
    (said,) = firms.shop.rows(
        "select payload from outbox where program_id = $1 and type = 'account.slipping'"
    )
    assert one.account_id is not None
    heard = json.loads(said[0])
    assert (heard["account_id"], heard["weekly"]) == (f"hou_{one.account_id.hex}", 20)
    firms.later(1)
    firms.night()
    assert len(firms.told()) == 2, "the other one is late by now, and the first is not told again"


def test_one_that_orders_on_half_as_many_days_is_told_of(firms: Firms) -> None:
    firms.every("m0", 45, 0, 90)  # 2 days, lately
    firms.every("m1", 20, 90, 170)  # after 4
    firms.every("m2", 45, 0, 90)
    firms.every("m3", 30, 90, 180)  # after 3: more than half are left
    firms.night()
    assert [one.member_id for one in firms.told()] == [firms.ids["m0"]]


def test_what_became_of_it_and_whoever_never_came_back_is_not_told_of_again(firms: Firms) -> None:
    firms.every("m0", 10, 30, 120)
    firms.every("m2", 10, 30, 130)
    firms.set("outreach_weekly", 1)
    firms.night()
    assert [one.member_id for one in firms.told()] == [firms.ids["m2"]], "who paid more is first"
    firms.later(7)
    firms.night()
    assert len(firms.told()) == 2
    firms.later(50)
    firms.bought("m3", 1)  # of the one
    firms.night()
    firms.later(60)
    firms.night()
    two, zero = firms.ids["m2"], firms.ids["m0"]
    found = [(one.member_id, one.outcome) for one in firms.told()]
    assert found == [(two, None), (zero, "stayed_away"), (two, "came")], "it ordered, and fell off"
    told = "select payload from outbox where program_id = $1 and type = 'account.slip_ended'"
    ended = [json.loads(text) for (text,) in firms.shop.rows(told)]
    assert sorted((one["member_id"], one["outcome"]) for one in ended) == sorted(
        [(f"mem_{two.hex}", "came"), (f"mem_{zero.hex}", "stayed_away")]
    )
    became = firms.shop.do(lambda tx, _: read.became(tx, "UTC", "account"))
    assert (became.told, became.came, became.waiting) == (2, 1, 1)
    firms.later(30)
    firms.night()
    assert [one.member_id for one in firms.told()].count(zero) == 1, "it never came back since"


def test_it_is_said_how_right_the_signal_was(firms: Firms) -> None:
    firms.every("m0", 10, 150, 260)  # at 90 days ago quiet for 60, and not back since
    firms.every("m2", 10, 0, 260)
    firms.night()
    tried = firms.shop.do(lambda tx, _: last_tried(tx))
    # At 90 days ago it would have told of one, rightly; at 180 days ago both went on as ever.
    assert tried == Tried(picked=1, right=1, rest=3, rest_away=0)
