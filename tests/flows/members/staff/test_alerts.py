"""Alerts: raised once for what is unusual, never for what is not; noted and closed by people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace
from tests.flows.members.staff.people import HOUSE, hires, key, settles
from tests.makers import Shop, buys

from regulars.flows.access.commands import ChangeSetting, NoteAlert
from regulars.flows.access.watch_counter import keep_alerts, watch_counter
from regulars.flows.commands import RecordActivity
from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.merge_members import merge_members
from regulars.records.access.staff.types import By
from regulars.records.access.watching.read import alerts, notes
from regulars.records.members.types import MemberRef
from regulars.records.standing.alerts.read import last_stores


def looks(shop: Shop) -> int:
    return shop.do(lambda tx, terms: watch_counter(tx, terms, 1))


def open_alerts(shop: Shop) -> list[tuple[str, str, int, int]]:
    found = shop.do(lambda tx, _: alerts(tx))
    return sorted((one.kind, one.place, one.count, one.out_of) for one in found)


def test_who_earns_again_and_again_in_one_store_is_told_of_once(cafe: Shop) -> None:
    ada, ben = cafe.joined("ada", "ben")
    for step in range(4):
        cafe.record(
            buys(ada, 300, receipt=f"a{step}", store="main"),
            buys(ben, 300, receipt=f"b{step}", store=f"store-{step % 2}"),
        )
        assert looks(cafe) == (step == 3)
        cafe.now += timedelta(minutes=19)
    assert open_alerts(cafe) == [("velocity", "main", 4, 4)]
    cafe.now -= timedelta(minutes=18)
    cafe.record(buys(ada, 300, receipt="a5", store="main"))
    assert looks(cafe) == 0  # it goes on, and was told
    cafe.now += timedelta(minutes=18)
    assert looks(cafe) == 0


def test_the_same_often_but_slowly_is_nothing(cafe: Shop) -> None:
    (ada,) = cafe.joined("ada")
    for step in range(8):
        cafe.record(buys(ada, 300, receipt=f"a{step}", store="main"))
        cafe.now += timedelta(minutes=20, seconds=1)
        assert looks(cafe) == 0


def test_a_cashier_who_credits_cards_that_nobody_registered_is_told_of(cafe: Shop) -> None:
    (ada,) = cafe.joined("ada")
    odd, usual = hires(cafe, "cashier"), hires(cafe, "cashier")
    settles(cafe, ChangeSetting("share_least", 4, HOUSE))
    settles(cafe, ChangeSetting("velocity_times", 100, HOUSE))

    def sells(one: Any, who: MemberRef, name: str) -> None:
        cafe.record(replace(buys(who, 300, receipt=name, store="main"), asked=key(one, name)))

    for n in range(4):
        sells(odd, MemberRef(card="OWN-CARD") if n else ada, f"o{n}")
        sells(usual, MemberRef(card=f"CARD-{n}") if n % 2 else ada, f"u{n}")
    assert looks(cafe) == 1
    ((kind, place, count, out_of),) = open_alerts(cafe)
    assert (kind, place, count, out_of) == ("share", "main", 3, 4)
    (found,) = cafe.do(lambda tx, _: alerts(tx))
    assert found.subject == odd.principal


def test_who_types_in_sales_without_receipts_as_nobody_else_does_is_told_of(cafe: Shop) -> None:
    settles(cafe, ChangeSetting("by_hand_least", 4, HOUSE))
    ada, odd, usual = cafe.joined("ada")[0], hires(cafe, "cashier"), hires(cafe, "cashier")

    def sells(one: Any, receipt: str, n: int) -> None:
        sale = buys(ada, 300, receipt=receipt, store="main")
        if not receipt:
            sale = replace(sale, source="")
        cafe.record(replace(sale, asked=key(one, f"s{n}")))
        cafe.now += timedelta(minutes=30)

    for n in range(4):
        sells(odd, "o" if n == 3 else "", n)
    assert looks(cafe) == 0  # there is nobody to compare with
    for n in range(4):
        sells(usual, f"u{n}" if n else "", n + 10)
    assert looks(cafe) == 1
    assert open_alerts(cafe) == [("by_hand", "main", 3, 4)]
    (found,) = cafe.do(lambda tx, _: alerts(tx))
    assert found.subject == odd.principal
    assert looks(cafe) == 0
    third = hires(cafe, "cashier")
    for n in range(4):
        sells(third, "", n + 20)
    assert looks(cafe) == 0  # the others type half of theirs: all is no more than twice as much


def test_where_somebody_bought_last_is_where_they_bought_also_before_they_were_united(
    cafe: Shop,
) -> None:
    ada, ben = cafe.joined("ada", "ben")
    cafe.record(buys(ada, 300, receipt="a", store="main"))
    cafe.now += timedelta(hours=1)
    cafe.record(RecordActivity(kind="visit", member=ben, source="door", store="store-1"))
    cafe.ask(merge_members, MergeMembers(ada, ben, "same", "mia"))
    (who,) = cafe.rows("select member_id from identifier where program_id = $1 and value = 'ben'")[
        0
    ]
    assert cafe.do(lambda tx, _: last_stores(tx, [who])) == {who: "main"}


def test_many_who_join_at_once_are_told_of(cafe: Shop) -> None:
    settles(cafe, ChangeSetting("joins_times", 5, HOUSE))
    cafe.joined(*"abcde")
    assert looks(cafe) == 0
    cafe.joined("f")
    assert looks(cafe) == 1
    assert open_alerts(cafe) == [("joins", "all", 6, 6)]
    assert looks(cafe) == 0


def test_an_alert_is_noted_and_closed_by_who_may(cafe: Shop) -> None:
    settles(cafe, ChangeSetting("joins_times", 2, HOUSE))
    cafe.joined("a", "b", "c")
    looks(cafe)
    (alert,) = cafe.do(lambda tx, _: alerts(tx))
    boss, cashier = hires(cafe, "owner"), hires(cafe, "cashier")

    def says(one: Any, **more: Any) -> str:
        (outcome,) = cafe.ask(keep_alerts, NoteAlert(alert.alert_id, By(one.staff_id), **more))
        return getattr(outcome, "code", "done")

    assert says(cashier, says="me") == "forbidden"
    assert says(boss) == "invalid"
    assert says(boss, says="a school class") == "done"
    assert says(boss, close=True) == says(boss, close=True) == "done"
    assert open_alerts(cafe) == []
    assert len(cafe.do(lambda tx, _: alerts(tx, closed=True))) == 1
    written = cafe.do(lambda tx, _: notes(tx, alert.alert_id))
    assert [(one.says, one.staff_id) for one in written] == [("a school class", boss.staff_id)]
    closed = "select count(*) from staff_act where program_id = $1 and did = 'alert.closed'"
    assert cafe.rows(closed) == [(1,)]
