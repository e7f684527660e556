"""The standing says which rules rest for a member, and from when on they may give again."""

from __future__ import annotations

from collections.abc import Callable

from tests.makers import Shop, brings_back, buys

from regulars.flows.commands import RecordActivity
from regulars.flows.show_standing import show_standing
from regulars.records.members.types import MemberRef

Open = Callable[[str], Shop]
REST = """
regulars: 1
program: rest
name: Rest
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: visit, on: visit, wallet: points, award: {give: fixed, points: 5}, cooldown: {hours: 4}}
  - {id: back, on: purchase, wallet: points, award: {give: fixed, points: 50}, cooldown: {days: 7}}
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
"""
ADA = MemberRef(external="ada")


def resting(shop: Shop, who: str = "ada") -> list[tuple[str, str]]:
    """Rules that rest now, and until when by the clock of the shop."""
    (found,) = shop.rows(
        "select member_id from identifier where program_id = $1 and value = $2", who
    )
    standing = shop.do(lambda tx, terms: show_standing(tx, terms, found[0]))
    return [
        (rule, f"{until.astimezone(shop.zone):%Y-%m-%d %H:%M:%S}")
        for rule, until in standing.resting
    ]


def test_what_gave_rests_and_the_standing_says_until_when(open_shop: Open) -> None:
    shop = open_shop(REST)
    shop.joined("ada", "ben")
    shop.at("2026-03-28 23:30:40")  # the clocks jump in this night: four hours stay four hours
    shop.record(RecordActivity("visit", ADA), buys(ADA, 2_000, receipt="r1"))
    assert resting(shop) == [
        ("visit", "2026-03-29 04:30:00"), ("back", "2026-04-04 00:00:00"),
    ]  # fmt: skip
    assert resting(shop, "ben") == []
    shop.at("2026-03-29 04:29:59")
    assert resting(shop)[0][0] == "visit"
    shop.at("2026-03-29 04:30:00")
    assert [rule for rule, _ in resting(shop)] == ["back"]
    shop.record(brings_back("r1"))
    assert resting(shop) == []
    assert shop.record(RecordActivity("visit", ADA))[0].earned == {"points": 5}
