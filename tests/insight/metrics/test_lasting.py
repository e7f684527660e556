"""Who stays on a paid plan, which accounts fall quiet, what members answer: by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.flows.plans.houses import ADA, BEN, ROASTERY, start, turn
from tests.flows.points.sharing import SHARING, enter, household
from tests.insight.metrics.test_from_the_books import told
from tests.insight.metrics.test_tastes import NEVER
from tests.makers import Shop, buys

from regulars.base.faults import Invalid
from regulars.flows.commands import RecordActivity
from regulars.insight.estimators.staying.lasting import still_there
from regulars.insight.estimators.staying.waits import Gaps
from regulars.insight.metrics.asked import Report
from regulars.insight.metrics.defined.accounts import Account
from regulars.insight.metrics.reading import rows as behind
from regulars.insight.metrics.reading.memberships import WHOLE_MONTHS
from regulars.records.activity.types import Body
from regulars.records.members.types import MemberRef
from regulars.surfaces.console.first.reports.opening import numbers_open
from regulars.surfaces.in_words.reports.asking import question

Open = Callable[[str], Shop]
MARCH = {"from": "2027-03-01", "until": "2027-04-01"}


def said(found: Report) -> dict[str, tuple[Any, Any]]:
    return {one.metric: (one.part, one.whole) for one in found.figures}


def listed(shop: Shop, metric: str, asked: dict[str, str], group: str = "") -> list[bool]:
    async def look(tx: Any, terms: Any) -> list[behind.Who]:
        page = behind.Page(NEVER, 100)
        return await behind.behind(tx, metric, question(terms, shop.now, asked), page,
                                   behind.Cell(None, group))  # fmt: skip

    return sorted(one.counted for one in shop.do(look))


def test_who_is_younger_is_at_risk_only_as_long_as_seen() -> None:
    found = still_there([Gaps(1, 2, 4), Gaps(2, 1, 3)])
    assert [(one.months, one.at_risk, one.ended) for one in found] == [
        (0, 10, 0), (1, 10, 2), (2, 4, 1),
    ]  # fmt: skip
    assert [one.share for one in found] == pytest.approx([1, 0.8, 0.6])
    assert found[2].low < 0.6 < found[2].high
    assert still_there([]) == []


def test_where_everybody_ended_nobody_is_still_there() -> None:
    assert still_there([Gaps(1, 5, 0)])[-1].share == 0


@pytest.fixture
def plans(open_shop: Open) -> Shop:
    return three_plans(open_shop)


def three_plans(open_shop: Open) -> Shop:
    """ada pays for the club since February, once late, and goes on; ben ends in March and comes
    back; cem is on trial."""
    shop = open_shop(ROASTERY)
    shop.joined("ada", "ben", "cem")
    shop.at("2027-02-10T12:00")
    ada, ben = start(shop, ADA, "club"), start(shop, BEN, "club")
    shop.at("2027-03-10T11:00")
    turn(shop, ben, "cancelled", at="now")
    start(shop, MemberRef(external="cem"), "plus", trial=True)
    start(shop, BEN, "year")
    turn(shop, ada, "paid")
    shop.at("2027-03-20T12:00")
    return shop


def test_paid_memberships_of_a_month(plans: Shop) -> None:
    found = told(plans, "memberships", **MARCH, compare="previous")
    counts = said(found)
    assert counts["memberships_active"] == (2, None), "a trial is not paid for"
    assert counts["memberships_begun"] == (1, None)
    assert counts["membership_churn"] == (1, 2)
    assert counts["memberships_won_back"] == (1, 1)
    assert counts["payments_failed"] == (0, 2)
    assert counts["membership_fees"][0] == 2500 + 10000
    (march,) = found.table("turns").rows
    assert march[2:5] == (2, 1, 1)
    assert {row[0]: row[1:5] for row in found.table("plans").rows} == {
        "club": (2, 1, 0, 1), "year": (0, 1, 1, 0),
    }  # fmt: skip
    one = found.figure("membership_staying")
    assert one is not None
    assert (one.lacking, one.wanted) == ("members", 20)
    assert listed(plans, "membership_churn", MARCH) == [False, True]
    assert listed(plans, "memberships_active", MARCH) == [True, True]
    assert listed(plans, "memberships_won_back", MARCH) == [True]
    # ada paid twice, ben ended after his first payment and began another plan.
    assert listed(plans, "renewals_reached", MARCH, "0") == [True, True]
    assert listed(plans, "renewals_reached", MARCH, "1") == [False, True]
    assert listed(plans, "renewals_reached", MARCH, "2") == []
    with pytest.raises(Invalid):
        listed(plans, "renewals_reached", MARCH, "club")
    long = {"from": "2027-03-01", "until": "2028-12-31"}
    far = told(plans, "memberships", **long).figure("membership_staying")
    assert far is not None
    assert far.have == 0, "nobody has come twelve months by the 20th of March"


def test_whoever_began_and_ended_within_a_month_is_behind_the_number_of_those_who_ended(
    plans: Shop,
) -> None:
    plans.joined("dan")
    dan = start(plans, MemberRef(external="dan"), "club")
    plans.at("2027-03-25T12:00")
    turn(plans, dan, "cancelled", at="now")
    found = told(plans, "memberships", **MARCH)
    (march,) = found.table("turns").rows
    assert march[4] == 2
    assert listed(plans, "membership_churn", MARCH) == [False, True], "as it began two were there"
    link = numbers_open("", found, found.table("turns"), march)[4]
    group = parse_qs(urlsplit(link).query)["group"][0]
    assert listed(plans, "membership_churn", MARCH, group) == [True, True]


def test_a_life_from_the_31st_has_whole_months_too(plans: Shop) -> None:
    lives = """values (timestamp '2027-01-31 10:00', timestamp '2027-02-28 09:00', 1),
                      ('2027-01-31 10:00', '2027-02-27 09:00', 0), ('2027-01-15', '2027-02-14', 0),
                      ('2024-02-29 10:00', '2025-02-28 00:00', 12), ('2027-03-01 12:00',
                       '2027-04-01', 1), ('2027-03-01 12:00', '2028-03-01', 12)"""
    found = plans.rows(f"""select {WHOLE_MONTHS}, l.due from ({lives}) l (since, until, due)
                            where $1::int > 0""")
    assert [months for months, _ in found] == [due for _, due in found]


def answers(name: str, kind: str, score: Any) -> RecordActivity:
    return RecordActivity(
        kind=kind, member=MemberRef(external=name), body=Body(details={"score": score})
    )


@pytest.fixture
def firm(open_shop: Open) -> Shop:
    return two_accounts(open_shop)


def two_accounts(open_shop: Open) -> Shop:
    """ada and ben are one account that bought each ten days until 20 February; cem and dora are
    another, that goes on; eve is nobody's."""
    shop = open_shop(SHARING)
    shop.joined("ada", "ben", "cem", "dora", "eve")
    refs = [MemberRef(external=one) for one in ("ada", "ben", "cem", "dora")]
    shop.at("2027-01-02 12:00")
    one, other = household(shop, refs[0]), household(shop, refs[2])
    enter(shop, one, refs[1])
    enter(shop, other, refs[3])
    for day in ("2027-01-31", "2027-02-10", "2027-02-20"):
        shop.at(f"{day} 12:00")
        shop.record(buys(refs[0], 1000, receipt=f"a{day}"))
    for day in ("2027-01-20", "2027-02-24", "2027-03-25"):
        shop.at(f"{day} 12:00")
        shop.record(buys(refs[3], 2000, receipt=f"d{day}"))
    return shop


def test_an_account_falls_quiet_by_its_own_gap(firm: Shop) -> None:
    found = told(firm, "accounts", **MARCH)
    counts = said(found)
    assert counts["accounts_there"] == (2, None)
    assert counts["accounts_buying"] == (1, 2)
    assert counts["contacts_buying"] == (1, 4)
    assert counts["accounts_quiet"] == (1, 2)
    rows = {row[10]: row[2:10] for row in found.table("accounts").rows}
    assert rows["quiet"] == (2, 0, 0, 2, 0, date(2027, 2, 20), 10, 33), "by today, the 25th"
    assert rows["steady"] == (2, 1, 1, 1, 2000, date(2027, 3, 25), 32, 0)
    assert listed(firm, "contacts_buying", MARCH) == [False, False, False, True]


def test_the_last_answer_counts_and_each_account_once(firm: Shop) -> None:
    firm.at("2027-03-26 12:00")
    some = (("ada", 0), ("ada", 10), ("ben", 9), ("cem", 3), ("eve", 10), ("dora", 3 * 10**9))
    for minute, (name, score) in enumerate(some):
        firm.at(f"2027-03-26 12:{minute:02}")
        (kept,) = firm.record(answers(name, "nps", score))
        assert not hasattr(kept, "code"), kept
    firm.record(answers("eve", "csat", 4), answers("cem", "csat", "fine"))
    found = told(firm, "accounts", **MARCH)
    one, every = found.figure("nps_accounts"), found.figure("nps_members")
    assert one is not None
    assert every is not None
    assert (one.value, one.n) == (0, 2), "one account promotes, one detracts"
    assert (every.value, every.n) == (50, 4), (
        "a number beyond all scales is no answer; of ada's two the last one counts"
    )
    assert said(found)["csat_members"] == (1, 1)
    assert listed(firm, "nps_members", MARCH) == [False, True, True, True]
    assert found.table("answered").rows == ()


def test_what_members_did_after_they_answered(firm: Shop) -> None:
    firm.at("2027-02-05 12:00")
    firm.record(answers("dora", "nps", 9), answers("eve", "nps", 2))
    firm.at("2027-06-05 12:00")
    found = told(firm, "accounts", **{"from": "2027-02-01", "until": "2027-03-01"})
    rows = {row[0]: (row[1], row[2], row[6]) for row in found.table("answered").rows}
    assert rows == {"promoter": (1, 1, 4000), "detractor": (1, 0, 0)}
    february = {"from": "2027-02-01", "until": "2027-03-01"}
    assert listed(firm, "bought_after_answer", february, "promoter") == [True]
    assert listed(firm, "bought_after_answer", february, "detractor") == [False]
    assert listed(firm, "bought_after_answer", february, "passive") == []
    each = [(one.group, one.part, one.whole) for one in found.figures
            if one.metric == "bought_after_answer"]  # fmt: skip
    assert each == [("promoter", 1, 1), ("detractor", 0, 1)]


def test_gaps_of_a_day_and_a_half_are_not_taken_for_a_day(firm: Shop) -> None:
    """Orders on the 26th, 27th and 29th: usual are 1.5 days, and three without are twice that."""
    for day in (26, 27, 29):
        firm.at(f"2028-03-{day} 12:00")
        firm.record(buys(MemberRef(external="ada"), 1000, receipt=f"late{day}"))
    short = {"from": "2028-03-25", "until": "2028-04-02"}
    firm.at("2028-04-02 12:00")
    rows = told(firm, "accounts", **short).table("accounts").rows
    assert [row[8:11] for row in rows if row[3]] == [(2, 3, "steady")]


def test_a_signal_wants_three_orders() -> None:
    def one(quiet: int | None, usual: int | None, now: int, before: int) -> str:
        return Account(NEVER, "", None, 2, 1, now, before, 0, None, quiet, usual).signal

    assert one(None, None, 1, 0) == "none"
    assert one(21, 10, 1, 1) == "quiet"
    assert one(20, 10, 1, 1) == "steady"
    assert one(20, 10, 1, 3) == "fewer"
    assert one(9, 30, 0, 0) == one(9, 30, 0, 2) == "steady", "of short times nothing is said"
