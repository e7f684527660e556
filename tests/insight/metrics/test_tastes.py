"""What members like, who gets what, who brings whom: as one reckons it by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.flows.night.counted.following import SHOP, follows
from tests.flows.points.sharing import merge
from tests.insight.metrics.test_from_the_books import told
from tests.makers import Shop, brings_back

from regulars.base.faults import Invalid
from regulars.flows.commands import RecordActivity
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.asked import Asked, Report
from regulars.insight.metrics.defined.fairness import Part, Spread, beyond, gini
from regulars.insight.metrics.defined.preferences import Liked, Pair, likings
from regulars.insight.metrics.defined.referral import Worth, worth_figures
from regulars.insight.metrics.reading import preferences
from regulars.insight.metrics.reading import rows as behind
from regulars.insight.metrics.reading.best import did
from regulars.insight.metrics.reading.fairness import YEARS, given
from regulars.insight.metrics.spans import Span
from regulars.records.activity.types import Body, Line
from regulars.records.members.types import MemberRef
from regulars.surfaces.console.first.reports.opening import numbers_open, opens
from regulars.surfaces.in_words.reports.asking import question

Open = Callable[[str], Shop]
MARCH = {"from": "2026-03-01", "until": "2026-04-01"}
MON, FRI = "2026-03-02 09:30", "2026-03-06 16:10"
NEVER = UUID(int=0)
SHOP_ZONE = "Europe/Berlin"


def basket(name: str, receipt: str, **lines: int) -> RecordActivity:
    """What somebody bought, by category."""
    some = tuple(Line(amount_minor=minor, category=one) for one, minor in lines.items())
    return RecordActivity(
        kind="purchase",
        member=MemberRef(external=name),
        external_id=receipt,
        source="till",
        amount_minor=sum(lines.values()),
        body=Body(lines=some),
    )


def rows(shop: Shop, metric: str, group: str = "", **days: str) -> list[behind.Who]:
    async def look(tx: Any, terms: Any) -> list[behind.Who]:
        asked, page = question(terms, shop.now, days or MARCH), behind.Page(NEVER, 100)
        return await behind.behind(tx, metric, asked, page, behind.Cell(None, group))

    found: list[behind.Who] = shop.do(look)
    return found


def table(found: Report, id_: str) -> list[tuple[Any, ...]]:
    return list(found.table(id_).rows)


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return two_days(open_shop)


def two_days(open_shop: Open) -> Shop:
    """Monday: ada coffee 4 and cake 6, bob coffee 10. Friday: ada coffee 5, bob's coffee is back.
    In the evening cleo buys a voucher that has no category."""
    shop = open_shop(SHOP)
    for name in ("ada", "bob", "cleo"):
        shop.joined(name)
    shop.at(MON)
    shop.record(basket("ada", "a1", coffee=400, cake=600), basket("bob", "b1", coffee=1000))
    shop.at(FRI)
    shop.record(basket("ada", "a2", coffee=500), basket("cleo", "c1", **{"": 300}))
    shop.record(brings_back("b1"))
    return shop


def test_categories_are_net_and_open_who_bought_of_them(shop: Shop) -> None:
    found = told(shop, "preferences", **MARCH, compare="previous")
    assert table(found, "categories") == [
        ("coffee", 2, 2, 900, 0.6, None),
        ("cake", 1, 1, 600, 0.4, None),
        ("", 1, 1, 300, None, None),
    ]
    one = found.figure("told_categories")
    assert one
    assert (one.part, one.whole) == (1500, 1800)
    assert [one.group for one in found.figures if one.metric == "category_share"] == [
        "coffee", "cake",
    ]  # fmt: skip
    assert len(rows(shop, "category_share", "cake")) == 1
    assert len(rows(shop, "category_share", "coffee")) == 1, "bob's came back whole"
    assert rows(shop, "category_share", "") == []


def test_what_somebody_bought_first_is_of_the_stores_day_and_of_who_they_were(
    open_shop: Open,
) -> None:
    """At eight in the evening it is tomorrow in Tokyo; ben is cleo since April."""
    shop = open_shop(SHOP)
    _, ben, cleo = shop.joined("ada", "ben", "cleo")
    sql = "insert into store select $1, 'tokyo', 'T', 'Asia/Tokyo', '{}', 0, now(), null, 'olga'"
    shop.rows(sql)
    shop.at("2026-03-02 20:00")
    shop.record(replace(basket("ada", "a1", coffee=400), store="tokyo"))
    shop.record(basket("ben", "b1", cake=400))
    shop.at("2026-04-02 20:00")
    merge(shop, ben, cleo)
    shop.at("2026-10-01 12:00")
    follows(shop)
    span = Span(date(2026, 3, 1), date(2026, 4, 1))
    found = shop.do(lambda tx, _: did(tx, span, date(2026, 10, 1), SHOP_ZONE))
    bought = {one.habit: one.best_did + one.others_did for one in found if ":" in one.habit}
    assert bought == {"category:cake": 1, "category:coffee": 1}


def test_hours_are_of_the_shops_clock_and_the_busiest_needs_twenty(shop: Shop) -> None:
    found = told(shop, "preferences", **MARCH)
    assert [row[:3] for row in table(found, "hours")] == [(1, 9, 1), (5, 16, 2)]
    one = found.figure("hour_share")
    assert one
    assert (one.value, one.lacking, one.have) == (None, "purchases", 3)
    assert [row[:3] for row in table(found, "weekdays")] == [("", 1, 1), ("", 5, 2)]


def test_figures_of_baskets_and_hours_open_whom_they_count(shop: Shop) -> None:
    told(shop, "preferences", **MARCH)
    sql = "select member_id, value from identifier where program_id = $1 and kind = 'external'"
    names = dict(shop.rows(sql))

    def who(metric: str, group: str = "") -> dict[str, bool]:
        return {names[one.member_id]: one.counted for one in rows(shop, metric, group)}

    assert who("told_categories") == {"ada": True, "cleo": False}, "a voucher has none"
    assert who("basket_mix") == {"ada": True}
    assert who("basket_pair", "coffee>cake") == {"ada": True}
    assert who("basket_pair", "coffee>tea") == {"ada": False}
    assert who("basket_pair", "tea>coffee") == {}
    assert who("hour_share", "5-16") == {"ada": True, "cleo": True}
    assert who("hour_share", "1-9") == {"ada": True, "cleo": False}
    late = rows(shop, "hour_share", "1-9", **{"from": "2026-03-20", "until": "2026-03-21"})
    assert len(late) == 2, "months count as a whole"
    for metric, group in (("basket_pair", "coffee"), ("basket_pair", "Tops > Shirts>Shoes"),
                          ("hour_share", "8-1"), ("hour_share", "1-24")):  # fmt: skip
        with pytest.raises(Invalid):
            rows(shop, metric, group)
    # Feeds of goods write `Apparel > Tops`: a row of the table opens these, too.
    shop.record(basket("bob", "b2", Shoes=100, **{"Tops > Shirts": 300}))
    found = told(shop, "preferences", **MARCH)
    row = ("Tops > Shirts", "Shoes", 1, 1, 1)
    opened = parse_qs(urlsplit(opens("", found, found.table("pairs"), row)).query)
    assert who("basket_pair", opened["group"][0]) == {"bob": True}
    assert who("basket_pair", "coffee>cake") == {"ada": True}


def opened(found: Report, id_: str) -> list[tuple[str, str]]:
    """Of each row of a table the figure it opens, and its group."""
    one = found.table(id_)
    asked = [parse_qs(urlsplit(opens("points", found, one, row)).query) for row in one.rows]
    return [(each["metric"][0], each.get("group", [""])[0]) for each in asked]


def test_purchases_by_channel_are_those_of_the_latest_days(shop: Shop) -> None:
    """bob's came back whole, so his day is none. Each row of these tables opens as many members
    as it counts, with as many orders."""
    shop.record(replace(basket("cleo", "c2", coffee=100), channel="web"))
    found = told(shop, "preferences", **MARCH)
    assert table(found, "channels") == [("", 3, 2, 0.75), ("web", 1, 1, 0.25)]
    for row, (metric, group) in zip(table(found, "channels"), opened(found, "channels"),
                                    strict=True):  # fmt: skip
        who = rows(shop, metric, group)
        assert (sum(one.orders for one in who), len(who)) == row[1:3]
        assert sum(one.net_minor for one in who) == {"": 1_800, "web": 100}[group], "through it"
    for row, at in zip(table(found, "weekdays"), opened(found, "weekdays"), strict=True):
        who = rows(shop, *at)
        assert (sum(one.orders for one in who), sum(one.net_minor for one in who)) == row[2:4]
    for name in ("likings", "likings_by_cohort"):
        for row, at in zip(table(found, name), opened(found, name), strict=True):
            who = rows(shop, *at)
            assert (len(who), sum(one.net_minor for one in who)) == row[2:4], at
    assert rows(shop, "category_lift", "tier:gold>coffee") == []
    assert len(rows(shop, "category_lift", "coffee")) == 2, "of a category alone, who bought of it"
    for wrong in ("8-gold", "gold", "", "-"):
        with pytest.raises(Invalid):
            rows(shop, "weekday_share", wrong)


def test_who_likes_what_counts_what_is_left(shop: Shop) -> None:
    found = told(shop, "preferences", **MARCH)
    assert table(found, "likings_by_cohort") == [
        ("2026", "coffee", 1, 900, 0.6, 0.6, 1.0, None, None),
        ("2026", "cake", 1, 600, 0.4, 0.4, 1.0, None, None),
    ]
    assert table(found, "pairs") == [], "twenty days with an article are needed"


def test_who_brought_the_cake_back_likes_coffee(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    shop.joined("ada")
    shop.at(MON)
    shop.record(basket("ada", "a1", coffee=400, cake=600))
    shop.record(brings_back("a1", (1, 1)))
    (one,) = table(told(shop, "preferences", **MARCH), "likings_by_cohort")
    assert one[:4] == ("2026", "coffee", 1, 400)


def test_what_goes_together_is_said_of_twenty_days(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    for n in range(24):
        shop.joined(f"m{n}")
    shop.at(MON)
    shop.record(*(basket(f"m{n}", f"r{n}", coffee=300, cake=200) for n in range(21)))
    shop.record(*(basket(f"m{n}", f"r{n}", coffee=300, tea=200) for n in range(21, 24)))
    pairs = table(told(shop, "preferences", **MARCH), "pairs")
    assert [row[:4] for row in pairs] == [
        ("cake", "coffee", 21, 21), ("coffee", "cake", 21, 24), ("coffee", "tea", 3, 24),
    ]  # fmt: skip
    assert pairs[2][4] == 0.125
    assert Pair("cake", "coffee", 30, 50, 40, 100).lift == 1.5


def test_baskets_of_a_day_are_drawn_evenly_and_the_running_day_waits(open_shop: Open) -> None:
    """Of forty who bought on Monday, the first half coffee and who joined later tea, ten are looked
    at: some of both. On Friday, of which some hours are over, one bought cake."""
    shop = open_shop(SHOP)
    names = [f"m{n}" for n in range(40)]
    shop.joined(*names)
    shop.at(MON)
    shop.record(*(basket(one, one, **{"coffee" if at < 20 else "tea": 300})
                  for at, one in enumerate(names)))  # fmt: skip
    shop.at(FRI)
    shop.record(basket("m0", "f0", cake=300))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preferences, "LATEST", 10)
        some = {row[1] for row in table(told(shop, "preferences", **MARCH), "likings")}
        assert some == {"coffee", "tea"}
        patch.setattr(preferences, "LATEST", 40)
        found = told(shop, "preferences", **MARCH)
        assert {row[1] for row in table(found, "likings")} == {"coffee", "tea"}
        assert [row[1] for row in table(found, "channels")] == [40]
        patch.setattr(preferences, "LATEST", 41)
        some = {row[1] for row in table(told(shop, "preferences", **MARCH), "likings")}
        assert some == {"coffee", "tea", "cake"}, "where there is room for it, it is looked at"


def test_a_group_that_likes_something_more_than_all_do() -> None:
    some = [Liked("gold", "tea", 1, 300), Liked("gold", "cake", 1, 100), Liked("", "cake", 1, 400)]
    assert [round(one.lift, 3) for one in likings(some)] == [2.0, 0.4, 1.6]
    assert {one.low for one in likings(some)} == {None}, "of two members nothing is sure"


def test_fairness_says_who_pays_and_who_gets(shop: Shop) -> None:
    found = told(shop, "fairness", **MARCH)
    (tier,) = table(found, "by_tier")
    assert tier[:4] == ("", 3, 0, 1800), "bob was there: points came and went"
    assert [row[:2] for row in table(found, "by_tenure")] == [("new", 2), ("none", 1)]
    one = found.figure("gini_spend")
    assert one
    assert (one.lacking, one.have, one.wanted) == ("members", 3, 20)
    who = rows(shop, "reached_members")
    assert [one.counted for one in who] == [False] * 3


def test_of_everybody_each_is_ranked_once_and_cut_by_all(open_shop: Open) -> None:
    """Twenty of whom the first paid 1.00, the second 2.00, …; ten of them told when they were
    born. Whoever brought back more than they bought counts as nothing."""
    shop = open_shop(SHOP)
    names = [f"m{n}" for n in range(1, 21)]
    shop.joined(*names[:10], birthday="1990-05-05")
    shop.joined(*names[10:])
    shop.at(MON)
    shop.record(*(basket(one, one, coffee=100 * n) for n, one in enumerate(names, 1)))
    follows(shop)
    shop.rows("update member_day set net_minor = -700 where program_id = $1 and net_minor = 100")
    span = Span(date(2026, 3, 1), date(2026, 4, 1))
    shop.rows(
        "update points_day set redeemed = 30 where program_id = $1 and wallet = 1 and issued = 20"
    )
    asked = Asked(span, None, "month", span.until_on, "Europe/Berlin", wallet=1)
    found = shop.do(lambda tx, _: given(tx, asked, span))
    ranked = sum(n * 100 * n for n in range(2, 21))
    assert found.spreads["net_minor"] == Spread(20, 20900, ranked)
    assert found.spreads["issued"] == Spread(20, 210, sum(n * n for n in range(21)))
    assert found.spreads["redeemed"] == Spread(20, 30, 30 * 20), "nineteen are ranked before"
    assert [one.net_minor for one in found.tenths] == [
        -500, *(100 * (n + n + 1) for n in range(3, 21, 2)),
    ]  # fmt: skip
    assert [(one.group, one.members) for one in found.ages] == [("35-44", 10), ("", 10)]
    assert [(one.group, one.members, one.net_minor) for one in found.tenures] == [
        ("new", 20, 20200)
    ]
    assert [(one.group, one.members) for one in found.tiers] == [("", 20)]


def test_who_was_born_on_29_february_is_a_year_older_on_the_28th(shop: Shop) -> None:
    """A time that ends with February ends on the 28th for three of four years."""
    born = (
        "values (date '2004-02-29', 18), ('2004-03-01', 17), ('2004-02-28', 18), ('2001-12-31', 20)"
    )
    found = shop.rows(
        f"""select y.years, a.due from ({born}) a (birthday, due)
             cross join lateral {YEARS.replace("$3", "$2")} y where $1::int > 0""",
        date(2022, 3, 1),
    )  # fmt: skip
    assert [years for years, _ in found] == [due for _, due in found]


def test_gini_of_one_who_has_everything_is_not_one() -> None:
    assert gini(Spread(20, 100, 100 * 20)) == pytest.approx(0.95)
    assert gini(Spread(20, 100, 5 * sum(range(1, 21)))) == pytest.approx(0)
    assert gini(Spread(20, 0, 0)) == NotEnough("values", 0, 1)


def test_who_gets_less_than_their_part_pays_for_others() -> None:
    gold, rest = Part("gold", 1, 1, 60, 0, 30), Part("", 1, 1, 40, 0, 70)
    assert (beyond(gold, 100, 100), beyond(rest, 100, 100)) == (-30, 30)


def test_means_of_brought_members_and_how_far_they_are_apart() -> None:
    march = Span(date(2026, 3, 1), date(2026, 4, 1))
    one, other = Worth(100, 4000, 100 * 1600 + 22500), Worth(100, 3000, 100 * 900 + 40000)
    brought, others, apart = worth_figures(march, one, other)
    assert (brought.value, others.value, apart.value) == (40, 30, 10)
    assert brought.low == pytest.approx(40 - 1.96 * (22500 / 99 / 100) ** 0.5, abs=1e-3)
    assert apart.low == pytest.approx(10 - 1.96 * (62500 / 99 / 100) ** 0.5, abs=1e-3)
    short = worth_figures(march, Worth(29, 1, 1), other)
    assert [one.lacking for one in short] == ["members", None, "members"]


_REFERRAL = """
insert into referral (program_id, member_id, referral_id, referrer_id, version, state, reason,
                      marks, counts_from, named_at, buys_until, looked_at, sale_id, due_at,
                      settled_at, retracted_at, wallet)
select $1::int, n.member_id, gen_random_uuid(), r.member_id, 1, $4::text, $5::text, '{}',
       $6::timestamptz, $6,
       $6::timestamptz + interval '90 days', $6, case when $7::bool then gen_random_uuid() end,
       case when $7::bool then $6 end,
       case when $4::text in ('rewarded', 'rejected', 'retracted') then $6 end,
       case when $4::text = 'retracted' then $6 end, 1
  from identifier n, identifier r
 where n.program_id = $1::int and r.program_id = $1::int and n.value = $2::text
   and r.value = $3::text
"""


@pytest.fixture
def friends(open_shop: Open) -> Shop:
    return ada_brings_five(open_shop)


def ada_brings_five(open_shop: Open) -> Shop:
    """ada brought five: one stayed, one bought, one not yet, one is herself, one brought it back;
    who was refused by bob's code first, and came by ada's then, is one of them."""
    shop = two_days(open_shop)
    became = (
        ("n1", "ada", "rewarded", "", True), ("n2", "ada", "qualified", "", True),
        ("n3", "bob", "rejected", "not_new", False), ("n3", "ada", "named", "", False),
        ("n4", "ada", "rejected", "oneself", False), ("n5", "ada", "retracted", "came_back", True),
    )  # fmt: skip
    for name in ("n1", "n2", "n3", "n4", "n5"):
        shop.joined(name)

    async def name_them(tx: Any, _: Any) -> None:
        for newcomer, by, state, reason, bought in became:
            await tx.fetch(_REFERRAL, tx.program_id, newcomer, by, state, reason, shop.now, bought)

    shop.do(name_them)
    return shop


def test_how_far_newcomers_come_and_who_brought_them(friends: Shop) -> None:
    found = told(friends, "referral", **MARCH, compare="year")
    said = {one.metric: (one.part, one.whole) for one in found.figures}
    assert said["referrals_named"] == (5, None)
    assert said["referrals_bought"] == (3, 5)
    assert said["referrals_rewarded"] == (1, 5)
    assert said["referrals_guarded"] == (1, 5), "what came back is no fraud"
    assert said["bringing_members"] == (1, 2), "bob has no order; his code was refused besides"
    assert table(found, "brought") == [
        (date(2026, 3, 1), date(2026, 4, 1), 5, 3, 1, 1, 1, 0, "part")
    ]
    assert table(found, "refused") == [("came_back", "other", 1), ("oneself", "guard", 1)]
    assert [row[:3] for row in table(found, "bringing_tiers")] == [("", 1, 5)]
    (ada,) = table(found, "bringers")
    assert ada[1:] == (5, 3, 1, 1, 1, 0)
    for name, at in (("refused", -1), ("bringing_tiers", 2)):
        for row, where in zip(table(found, name), opened(found, name), strict=True):
            assert len(rows(friends, *where)) == row[at], where
    links = numbers_open("points", found, found.table("bringing_tiers"), ("", 1, 5, 3, 1, 1, 1, 0))
    assert [("referrals_" in one, "group=tier%3A" in one) for one in links[2:5]] == [
        (True, True)
    ] * 3
    assert rows(friends, "referrals_named", "tier:gold") == []
    with pytest.raises(Invalid):
        rows(friends, "referrals_named", "gold")
    counted = [one.counted for one in rows(friends, "referrals_bought")]
    assert (len(counted), sum(counted)) == (5, 3)
    assert [one.counted for one in rows(friends, "bringing_members")].count(True) == 1
    assert len(rows(friends, "referred_worth")) == 4, "who was rejected was brought by nobody"
    assert len(rows(friends, "others_worth")) == 4
