"""What is given without points counts in fairness; invitations are the first step of referral."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.flows.night.counted.following import goes_on
from tests.flows.points.sharing import member_id, merge
from tests.insight.metrics.behind.given_free import takes, uses
from tests.insight.metrics.test_from_the_books import counts, told
from tests.insight.metrics.test_tastes import (
    FRI,
    MARCH,
    MON,
    SHOP_ZONE,
    ada_brings_five,
    basket,
    rows,
    table,
    two_days,
)
from tests.makers import Shop, asked

from regulars.base.faults import Invalid
from regulars.flows.commands import RecordActivity
from regulars.flows.membership.erase_members import erase_members
from regulars.insight.home.figures import figures
from regulars.insight.metrics.catalogue import METRICS
from regulars.insight.metrics.reading import rows as behind
from regulars.records.activity.types import Body
from regulars.records.members.types import EraseMember, MemberRef
from regulars.records.prepared.ended.read import count_some
from regulars.records.prepared.types import DayEnd
from regulars.surfaces.console.first.reports.opening import opens
from regulars.surfaces.in_words.reports.asking import question

Open = Callable[[str], Shop]


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return two_days(open_shop)


def given_to_three(open_shop: Open) -> Shop:
    """ada got a mug for nothing (3.00) and used the lounge (2.00); bob's use was undone, his mug
    cost points, another lapsed; dora, who never bought, used the lounge (1.00)."""
    shop = two_days(open_shop)
    shop.joined("dora")
    takes(shop, "ada", 300)
    uses(shop, "ada", 200)
    uses(shop, "bob", 700, state="undone")
    takes(shop, "bob", 300, price='{"points": 5}')
    takes(shop, "bob", 300, state="lapsed")
    uses(shop, "dora", 100)
    shop.at("2026-04-02 12:00")
    uses(shop, "ada", 5_000)
    return shop


def test_what_is_given_without_points_is_part_of_what_members_cost(open_shop: Open) -> None:
    shop = given_to_three(open_shop)
    found = told(shop, "fairness", **MARCH, compare="previous")
    gifts = found.figure("gifts_given")
    before = found.figure_before("gifts_given")
    assert gifts is not None
    assert before is not None
    assert (gifts.value, before.value) == (600, 0)
    newcomers = found.figure("cost_of_newcomers")
    assert newcomers is not None
    assert (newcomers.part, newcomers.whole) == (500, 2), "ada and cleo bought for the first time"
    by_tenure = {row[0]: row[-2:] for row in table(found, "by_tenure")}
    assert by_tenure == {"new": (500, 500 / 600), "none": (100, 100 / 600)}
    assert sum(row[-2] for row in table(found, "tenths")) == 600
    assert {row[0]: row[-2] for row in table(found, "by_store")}[""] == 600
    assert len(rows(shop, "gifts_given")) == 2
    assert [one.orders for one in rows(shop, "cost_of_newcomers")] == [2, 1]
    assert rows(shop, "cost_of_loyal") == []
    # dora, who only got a gift, is listed, too; and what ada paid in April is not of March.
    shop.record(basket("ada", "a9", coffee=9_000))
    reached = told(shop, "fairness", **MARCH).figure("reached_members")
    who = rows(shop, "reached_members")
    assert reached is not None
    assert len(who) == reached.whole == 4
    assert sorted(one.net_minor for one in who) == [0, 0, 300, 1_500]
    assert len(rows(shop, "reached_members", "tenure:none")) == 2, "bob brought his back"


def test_what_was_given_to_whoever_was_merged_is_given_to_whom_they_are_now(
    open_shop: Open,
) -> None:
    """ada is cleo since: her mugs, what she got for nothing and how far she came are cleo's."""
    shop = two_days(open_shop)
    uses(shop, "ada", 200)
    takes(shop, "ada", 300)
    merge(shop, *(MemberRef(external=one) for one in ("ada", "cleo")))
    found = told(shop, "overview", **MARCH)
    assert counts(found, "joined_first_reward") == (1, 2), "cleo did, bob did not"
    takes(shop, "cleo", 300)
    found = told(shop, "overview", **MARCH)
    assert [row[1:3] for row in table(found, "rewards")] == [(2, 1)], "twice, to one member"
    assert len(rows(shop, "rewarded_members", "mug")) == 1
    assert [one.counted for one in rows(shop, "joined_first_reward")].count(True) == 1
    given = told(shop, "fairness", **MARCH)
    assert counts(given, "reached_members")[1] == 2, "whoever went is nobody"
    assert [row[-2] for row in table(given, "by_tenure") if row[0] == "new"] == [800]
    assert [row[-1] for row in table(told(shop, "best", **MARCH), "reach")] == [1, 1]


def invites(name: str, key: str, at: Any) -> RecordActivity:
    return RecordActivity(
        kind="invite", member=MemberRef(external=name), occurred_at=at, source="card",
        external_id=key, body=Body(details={"by": "shared"}), asked=asked(key),
    )  # fmt: skip


def four_invitations(open_shop: Open) -> Shop:
    """ada sent two on Monday and one on Friday, gus (who never bought) one."""
    shop = ada_brings_five(open_shop)
    shop.joined("gus")
    for day, name, key in ((MON, "ada", "1"), (MON, "ada", "2"), (FRI, "ada", "3"),
                           (FRI, "gus", "4")):  # fmt: skip
        shop.at(day)
        shop.record(invites(name, key, shop.now))
    shop.record(invites("gus", "4", shop.now))  # told once more
    shop.at("2026-03-20 12:00")
    return shop


def test_invitations_are_the_first_step(open_shop: Open) -> None:
    shop = four_invitations(open_shop)
    found = told(shop, "referral", **MARCH, compare="previous")
    said = {one.metric: (one.part, one.whole) for one in found.figures}
    assert said["invitations_sent"] == (4, None)
    assert said["inviting_members"] == (1, 2), "gus bought nothing"
    assert said["invitations_each"] == (4, 2)
    assert said["invitations_taken"] == (5, 4), "who was told by word of mouth came, too"
    assert said["referral_factor"] == (0, 2), "no newcomer bought yet"
    (march,) = table(found, "brought")
    assert (march[2], march[-2]) == (5, 4)
    before = found.figure_before("invitations_taken")
    assert before is not None
    assert before.lacking == "values", "of no invitation there is no share"
    assert len(rows(shop, "invitations_sent")) == 2
    assert [one.counted for one in rows(shop, "inviting_members")].count(True) == 1
    assert len(rows(shop, "invitations_taken")) == 5
    weeks = table(told(shop, "referral", **MARCH, granularity="week"), "brought")
    assert [row[-2] for row in weeks if row[-2]] == [4]


def test_the_referral_factor_counts_newcomers_who_bought_for_each_buyer(open_shop: Open) -> None:
    """Of those whom ada brought n1 bought for the first time, n2 had bought before; n4 is refused
    as herself."""
    shop = four_invitations(open_shop)
    early = replace(basket("n2", "r2", coffee=100), occurred_at=shop.now - timedelta(days=30))
    some = (basket(name, f"f{name}", coffee=100) for name in ("n1", "n2", "n4"))
    shop.record(early, *some)
    one = told(shop, "referral", **MARCH).figure("referral_factor")
    assert one is not None
    assert (one.part, one.whole) == (1, 5)
    assert [who.counted for who in rows(shop, "referral_factor")].count(True) == 1


def test_each_further_figure_opens_as_many_rows_as_it_counts(shop: Shop) -> None:
    found = told(shop, "retention", **MARCH)
    assert len(rows(shop, "participation_orders")) == 3, "bob's came back, and named him"
    one = found.figure("redeeming_members") or told(shop, "points", **MARCH).figure(
        "redeeming_members"
    )
    assert one is not None
    assert len(rows(shop, "redeeming_members")) == one.whole
    again = [(each.orders, each.counted) for each in rows(shop, "median_wait")]
    assert sorted(again) == [(1, False), (2, True)]
    stores = told(shop, "stores", **MARCH).figures
    for each in stores:
        some = rows(shop, "store_repeat_rate", each.group)
        assert (sum(who.counted for who in some), len(some)) == (each.part, each.whole)
    for each in told(shop, "overview", **MARCH).figures:
        if each.metric == "tier_mix":
            assert len(rows(shop, "tier_mix", each.group)) == each.part
    steps = table(told(shop, "tiers", **MARCH), "migration")
    for before, after, members, of, *_ in steps:
        some = rows(shop, "tier_migration", f"{before}>{after}")
        assert (sum(who.counted for who in some), len(some)) == (members, of)


def test_the_first_page_the_tier_mix_its_rows_and_the_report_of_tiers_count_the_same(
    shop: Shop,
) -> None:
    """ada, bob, dora and a card that nobody registered; not cleo, who is ada, nor eve, who is
    nobody any more."""
    shop.joined("dora", "eve")
    shop.record(replace(basket("x", "x1", coffee=100), member=MemberRef(card="4711")))
    merge(shop, MemberRef(external="cleo"), MemberRef(external="ada"))
    gone = EraseMember(member_id(shop, "eve"), asked=asked("gone"))
    shop.do(lambda tx, terms: erase_members(tx, terms, [gone]))
    many = shop.do(lambda tx, _: figures(tx, shop.now.date())).members
    mix = shop.do(lambda tx, _: count_some(tx, SHOP_ZONE, DayEnd(shop.now.date()), 1_000)).tiers
    moved = table(told(shop, "tiers", **MARCH), "migration")
    assert (many, mix) == (4, {"": 4})
    assert len(rows(shop, "tier_mix", "")) == 4
    assert {row[1]: row[2] for row in moved} == {"": 4}
    assert len(rows(shop, "tier_migration", "new>")) == 4


def test_who_was_erased_has_gone_and_who_is_there_is_kept(shop: Shop) -> None:
    april = {"from": "2026-04-01", "until": "2026-05-01"}
    shop.at("2026-04-10 12:00")
    (cleo, *_) = shop.do(lambda tx, _: tx.fetch(
        "select member_id from identifier where program_id = $1 and value = 'cleo'", tx.program_id
    ))  # fmt: skip
    gone = EraseMember(cleo["member_id"], asked=asked("gone"))
    shop.do(lambda tx, terms: erase_members(tx, terms, [gone]))
    shop.at("2026-05-02 12:00")
    steps = {
        (row[0], row[1]): (row[2], row[3])
        for row in table(told(shop, "tiers", **april), "migration")
    }
    assert steps["", "gone"] == (1, 3)
    assert steps["", ""] == (2, 3)
    kept = told(shop, "retention", **april).figure("members_kept")
    assert kept is not None
    assert (kept.part, kept.whole) == (2, 3)
    who = rows(shop, "members_kept", **april)
    assert (sum(one.counted for one in who), len(who)) == (2, 3)
    may = {"from": "2026-05-01", "until": "2026-06-01"}
    assert {row[1] for row in table(told(shop, "tiers", **may), "migration")} == {""}
    march = {(row[0], row[1]): row[2] for row in table(told(shop, "tiers", **MARCH), "migration")}
    assert march == {("new", ""): 3}, "they were there in March"


def test_what_is_outstanding_is_what_each_member_holds(shop: Shop) -> None:
    owed = told(shop, "liability", **MARCH).figure("outstanding")

    def days(metric: str, group: str = "") -> list[behind.PointsDay]:
        async def held(tx: Any, terms: Any) -> list[behind.PointsDay]:
            one = question(terms, shop.now, MARCH)
            return await behind.points_behind(tx, metric, one, None, 100, group)

        return shop.do(held)

    some = days("outstanding")
    assert owed is not None
    assert sum(o.issued - o.redeemed - o.expired + o.otherwise for o in some) == owed.value
    assert len({one.member_id for one in some}) == len(some)
    assert len(days("breakage")) >= len(some), "also who has nothing left"
    report = told(shop, "liability", **MARCH | {"until": f"{shop.now.date() + timedelta(1)}"})
    for about, name, column in (("lapses", "by_expiry", 1), ("earned", "by_age", 2)):
        rows_ = table(report, name)
        assert rows_, name
        for row in rows_:
            month = f"{row[0]:%Y-%m}" if row[0] else ""
            of = days("outstanding", f"{about}:{month}")
            assert sum(one.issued for one in of) == row[column], (name, month)
    with pytest.raises(Invalid):
        days("outstanding", "anything")


def test_a_month_that_is_over_shows_the_points_of_then(shop: Shop) -> None:
    """A month-end close is laid against what there was as the month ended."""
    goes_on(shop)
    shop.at("2026-04-01 00:10")
    goes_on(shop)  # the night counts what is owed
    shop.at("2026-04-01 12:00")
    shop.record(basket("bob", "b2", coffee=700))
    goes_on(shop)
    shop.at("2026-04-02 00:10")
    goes_on(shop)
    march = told(shop, "liability", **MARCH)
    owed = march.figure("outstanding")
    assert owed is not None
    last = date(2026, 3, 31)
    for name, at in (("by_age", 2), ("by_expiry", 1)):
        found = march.table(name)
        assert {row[-1] for row in found.rows} == {last}, name
        assert sum(row[at] for row in found.rows) == owed.value, name
        assert {opens("points", march, found, row) for row in found.rows} == {""}, "of today"
    assert [row[0] for row in table(march, "by_age")] == [date(2026, 3, 1)]
    now = told(shop, "liability", **MARCH | {"until": "2026-04-03"})
    assert [row[0] for row in table(now, "by_age")] == [date(2026, 3, 1), date(2026, 4, 1)]
    assert {row[-1] for name in ("by_age", "by_expiry") for row in table(now, name)} == {
        date(2026, 4, 2)
    }
    assert "earned%3A2026-04" in opens("points", now, now.table("by_age"), table(now, "by_age")[1])
    # Within the month: earned as the month before ended, lapsing as no night counted yet, today.
    early = told(shop, "liability", **MARCH | {"until": "2026-03-20"})
    assert table(early, "by_age") == []
    assert {row[-1] for row in table(early, "by_expiry")} == {date(2026, 4, 2)}
    shop.rows("delete from owed_day where program_id = $1")
    nothing = told(shop, "liability", **MARCH)
    assert table(nothing, "by_expiry") == [], "nothing was left that night"


def test_every_metric_that_says_it_has_rows_has_a_way_to_them() -> None:
    known = {
        *behind._STATEMENTS, *behind._COUNTED, *behind._BESIDE, *behind.POINTS_OF,
        *behind.OF_HOLDERS, "rewarded_members", "period_retention", "cohort_retention",
        *behind._AWAY,
    }  # fmt: skip
    wanted = {one.id for one in METRICS.values() if one.rows in ("members", "days")}
    assert wanted - known == set()
