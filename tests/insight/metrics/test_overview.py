"""The overview says what its parts say, and what one reckons by hand; the first page shows it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.insight.metrics.books import lay
from tests.insight.metrics.test_reports import counts, figures, report, table
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.base.ids import first_id
from regulars.base.tx import Tx
from regulars.insight.metrics.defined.joining import (
    Enrolled,
    enrolled_all,
    enrolled_figures,
    mix_figures,
)
from regulars.insight.metrics.spans import Span

Q1 = "from=2026-01-01&until=2026-04-01"
JUNE = "from=2026-06-01&until=2026-07-01"
_REDEEMED = """
insert into redemption (program_id, member_id, redemption_id, reward, version, terms, state, store,
                        channel, actor, opened_at, lapses_at)
values ($1::int, $2::uuid, $3::uuid, $4::text, 1, '{}', $5::text, '', 'api', '', $6, $6)
"""


@pytest.fixture(scope="module")
def known(counter: Counter) -> Counter:
    counter.shop.at("2026-06-01 12:00")
    ids = vars(counter)["ids"] = lay(counter)
    handed = (("C", "free-coffee", "captured"), ("A", "free-coffee", "captured"),
              ("A", "free-coffee", "captured"), ("B", "cake", "captured"),
              ("B", "free-coffee", "voided"))  # fmt: skip

    async def rows(tx: Tx, _: Any) -> None:
        first = first_id(counter.shop.now - tx.ahead).int
        for place, (name, reward, state) in enumerate(handed):
            who, id_ = UUID(ids[name][4:]), UUID(int=first + place)
            await tx.fetch(_REDEEMED, tx.program_id, who, id_, reward, state, counter.shop.now)
        for day, members in (("2026-03-30", 9), ("2026-06-01", 3)):
            await tx.fetch(
                "insert into tier_day values ($1, $2, '', 'gold', $3, 0, 0),"
                " ($1, $2, '', '', 1, 0, 0)",
                tx.program_id, date.fromisoformat(day), members,
            )  # fmt: skip

    counter.shop.do(rows)
    return counter


def test_figures_are_those_of_their_own_reports(known: Counter) -> None:
    found = figures(report(known, "overview", Q1))
    for name in ("retention", "points", "liability"):
        for metric, one in figures(report(known, name, Q1)).items():
            if metric in found:
                assert found[metric] == one, metric
    assert found["active_members"]["value"] == 3
    assert counts(found["participation_revenue"]) == (8500, 12500)
    assert counts(found["redemption_flow"]) == (210, 850)
    assert counts(found["second_order_90"]) == (2, 3)
    assert found["outstanding"]["value"] == 635
    assert found["breakage"]["missing"] is not None


@pytest.mark.parametrize(
    ("days", "members"),
    [
        ("from=2026-02-01&until=2026-03-01", 2),  # A and C; B bought before and after
        ("from=2026-01-11&until=2026-02-01", 1),  # B; A bought before and after
        ("from=2026-02-06&until=2026-03-01", 1),  # C
        ("from=2026-03-16&until=2026-06-01", 0),
    ],
)
def test_who_bought_is_told_by_days_also_of_a_time_that_is_over(
    known: Counter, days: str, members: int
) -> None:
    assert figures(report(known, "overview", days))["active_members"]["value"] == members
    assert figures(report(known, "retention", days))["active_members"]["value"] == members


def test_who_joined_came_so_far_and_opens_its_members(known: Counter) -> None:
    ids, found = vars(known)["ids"], report(known, "overview", JUNE)
    said = figures(found)
    assert said["joined"]["value"] == 4
    assert counts(said["joined_first_order"]) == (3, 4)
    assert counts(said["joined_second_order"]) == (2, 4)
    assert counts(said["joined_first_reward"]) == (3, 4)
    assert table(found, "enrolment") == [["2026-06-01", "2026-07-01", 4, 3, 2, 3, "part"]]
    rows = known.get(said["joined_second_order"]["rows"]).json()["items"]
    assert {one["member_id"]: one["counted"] for one in rows} == {
        ids["A"]: True, ids["B"]: True, ids["C"]: False, ids["D"]: False,
    }  # fmt: skip
    assert figures(report(known, "overview", Q1))["joined_first_order"]["missing"] is not None


def test_rewards_and_tiers_of_the_time(known: Counter) -> None:
    ids = vars(known)["ids"]
    found = report(known, "overview", JUNE + "&compare=previous")
    assert table(found, "rewards") == [["free-coffee", 3, 2, 0], ["cake", 1, 1, 0]]
    assert table(found, "tier_mix") == [
        ["2026-06-01", "gold", 3, 4, 0.75], ["2026-06-01", "", 1, 4, 0.25],
    ]  # fmt: skip
    assert table(report(known, "overview", Q1), "tier_mix")[0][:3] == ["2026-03-30", "gold", 9]
    coffee = next(one for one in found["figures"] if one["group"] == "free-coffee")
    rows = known.get(coffee["rows"]).json()["items"]
    assert {one["member_id"] for one in rows} == {ids["A"], ids["C"]}
    assert coffee["value"] == len(rows)


def test_of_one_store_only_what_is_of_stores_is_told(known: Counter) -> None:
    found = report(known, "overview", Q1 + "&store=harbour")
    assert figures(found)["active_members"]["value"] == 2
    assert "joined" not in figures(found)
    assert [one["id"] for one in found["tables"]] == ["flow"]


def test_the_first_page_is_calm_until_everything_is_asked_for(known: Counter) -> None:
    owner = Browser(known)
    owner.sign_in(somebody(known).email)
    assert 'name="compare"' not in owner.get("/console").text
    simple = owner.get("/console/figures").text
    assert "Breakage" not in simple
    assert "<chart-figure" not in simple
    owner.post("/console/me/view", {"full": "yes"})
    page = owner.get("/console?from=2026-06-01&to=2026-06-30&compare=previous").text
    assert 'action="/console"' in page
    assert "/console/figures?from=2026-06-01&amp;to=2026-06-30&amp;compare=previous" in page
    full = " ".join(owner.get("/console/figures?from=2026-06-01&to=2026-06-30").text.split())
    for words in ("Breakage", "Members who bought", "Top rewards", "Tier mix", "Joined",
                  'kind="stack"', "75.0%", "as=csv&amp;table=enrolment"):  # fmt: skip
        assert words in full, words
    assert "metric=rewarded_members" in full
    assert "/console/members?tier=gold" in full
    slip = owner.get("/console?from=2026-06-30&to=2026-06-01")
    assert slip.status_code == 422
    assert 'id="to-wrong"' in slip.text
    assert "hx-get" not in slip.text.split("<main")[1]
    assert owner.get("/console/figures?from=yesterday").status_code == 422
    rows = owner.get("/console/reports/rows?metric=rewarded_members&group=cake&" + JUNE)
    assert vars(known)["ids"]["B"] in rows.text


JAN = Span(date(2026, 1, 1), date(2026, 2, 1))


def test_each_step_is_a_share_of_all_who_joined() -> None:
    figures_ = enrolled_figures(
        enrolled_all(JAN, [Enrolled(JAN, 6, 4, 2, 1), Enrolled(JAN, 4, 1, 1, 1)])
    )
    assert [(one.part, one.whole) for one in figures_[1:]] == [(5, 10), (3, 10), (2, 10)]


def test_a_tier_is_a_share_of_all_who_were_counted() -> None:
    mix = mix_figures(JAN, [("gold", 3), ("", 1)])
    assert [(one.group, one.value, one.low) for one in mix] == [
        ("gold", 0.75, None), ("", 0.25, None),
    ]  # fmt: skip
