"""Figures that count accounts open the accounts they count, by API and in the console."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from tests.flows.points.sharing import enter, household, leave, member_id, merge
from tests.insight.metrics.test_from_the_books import told
from tests.insight.metrics.test_lasting import MARCH, answers, two_accounts
from tests.insight.metrics.test_tastes import NEVER
from tests.makers import Shop
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter, problem

from regulars.flows.commands import RecordActivity
from regulars.insight.metrics.catalogue import METRICS
from regulars.insight.metrics.defined.accounts import Account, Tickets, health
from regulars.insight.metrics.reading import rows as behind
from regulars.records.activity.types import SaleRef
from regulars.records.members.types import MemberRef
from regulars.surfaces.in_words.reports.asking import question

Open = Callable[[str], Shop]
FIRMS = [one for one in METRICS.values() if one.rows == "accounts"]


@pytest.fixture
def firm(open_shop: Open) -> Shop:
    return two_accounts(open_shop)


def opened(
    shop: Shop, metric: str, limit: int = 100, after: Any = NEVER, group: str = ""
) -> list[Any]:
    async def look(tx: Any, terms: Any) -> list[Any]:
        asked = question(terms, shop.now, MARCH)
        return await behind.accounts_behind(tx, metric, asked, behind.Page(after, limit), group)

    found: list[Any] = shop.do(look)
    return found


def test_there_are_figures_of_accounts() -> None:
    assert {one.id for one in FIRMS} == {
        "accounts_there", "accounts_buying", "accounts_quiet", "accounts_again", "accounts_ended",
        "accounts_asking", "nps_accounts", "accounts_staying",
    }  # fmt: skip


def test_each_figure_of_accounts_is_as_many_rows_as_it_counts(firm: Shop) -> None:
    for name, score in (("ada", 10), ("ben", 9), ("cem", 2), ("eve", 10)):
        firm.record(answers(name, "nps", score))
    firm.record(RecordActivity(kind="ticket", member=MemberRef(external="ben")))
    firm.joined("fay", "gil")
    enter(firm, household(firm, MemberRef(external="fay")), MemberRef(external="gil"))
    found = told(firm, "accounts", **MARCH)
    quiet = found.figure("accounts_quiet")
    assert quiet is not None
    assert quiet.whole == 2, "of fay and gil nothing is known"
    apart = ("nps_accounts", "accounts_staying")
    for metric in (*(one.id for one in FIRMS if one.id not in apart),):
        figure, some = found.figure(metric), opened(firm, metric)
        assert figure is not None
        whole = figure.part if figure.whole is None else figure.whole
        assert (sum(one.counted for one in some), len(some)) == (figure.part, whole), metric
    said = opened(firm, "nps_accounts")
    assert sorted((one.score, one.counted) for one in said) == [(2, False), (9, True)]


def test_an_account_ends_when_fewer_than_two_are_left_of_it(firm: Shop) -> None:
    """Both were there on 1 March; of one account somebody leaves on the 25th, and comes back."""
    told(firm, "accounts", **MARCH)
    (one,) = (each for each in opened(firm, "accounts_there") if each.account.orders == 0)
    leave(firm, one.account.account_id, MemberRef(external="ben"))
    found = told(firm, "accounts", **MARCH)
    ended = found.figure("accounts_ended")
    assert ended is not None
    assert ended.low is not None
    assert (ended.part, ended.whole) == (1, 2)
    rows = {row.account.account_id: row.counted for row in opened(firm, "accounts_ended")}
    assert rows[one.account.account_id] is True
    assert sorted(rows.values()) == [False, True]
    # Both came two months; one of them ended then, and nobody has come three.
    assert [row.counted for row in opened(firm, "accounts_staying", group="1")] == [True, True]
    came = {row.account.account_id: row.counted
            for row in opened(firm, "accounts_staying", group="2")}  # fmt: skip
    assert (came[one.account.account_id], len(came)) == (False, 2)
    assert opened(firm, "accounts_staying", group="3") == []
    firm.at("2027-04-20 12:00")
    april = told(firm, "accounts", **{"from": "2027-04-01", "until": "2027-05-01"})
    assert [(each.part, each.whole) for each in april.figures if each.metric == "accounts_ended"
            ] == [(0, 1)], "it does not end twice"  # fmt: skip
    enter(firm, one.account.account_id, MemberRef(external="ben"))
    again = told(firm, "accounts", **MARCH).figure("accounts_ended")
    assert again is not None
    assert (again.part, again.whole) == (0, 2), "who came back had not gone"


def test_who_is_one_person_now_was_never_two(firm: Shop) -> None:
    told(firm, "accounts", **MARCH)
    (one,) = (each for each in opened(firm, "accounts_there") if each.account.orders == 0)
    leave(firm, one.account.account_id, MemberRef(external="ben"))
    merge(firm, MemberRef(external="ben"), MemberRef(external="ada"))
    ended = told(firm, "accounts", **MARCH).figure("accounts_ended")
    assert ended is not None
    assert (ended.part, ended.whole) == (0, 1)


def test_support_tickets_and_answers_are_part_of_an_accounts_health(firm: Shop) -> None:
    for at in ("2027-02-10 12:00", "2027-03-10 12:00", "2027-03-11 12:00"):
        firm.at(at)
        dora = MemberRef(external="dora")
        firm.record(RecordActivity("ticket", dora, source="desk", external_id=at))
    slip = RecordActivity("ticket", dora, source="desk", external_id="slip")
    firm.record(slip, RecordActivity("return", sale=SaleRef(None, "desk", "slip", "ticket")))
    firm.at("2027-04-01 12:00")
    found = told(firm, "accounts", **MARCH).table("accounts")
    rows = {row[1]: row[-3:] for row in found.rows}
    head = f"mem_{member_id(firm, 'cem').hex}"
    assert rows[head] == (2, 1, "strained"), "it buys as ever, and asked more often"
    assert {row[-1] for row in found.rows} == {"strained", "slipping"}


def test_what_health_asks_first() -> None:
    def one(signal: str) -> Account:
        gaps = {"quiet": (30, 10.0, 1, 1), "fewer": (5, 10.0, 1, 3), "steady": (5, 10.0, 1, 1),
                "none": (None, None, 1, 0)}[signal]  # fmt: skip
        return Account(NEVER, "", None, 2, 1, gaps[2], gaps[3], 0, None, gaps[0], gaps[1])

    said = [
        health(one("quiet"), 10, Tickets()), health(one("fewer"), 10, Tickets()),
        health(one("steady"), 6, Tickets()), health(one("steady"), 7, Tickets()),
        health(one("steady"), None, Tickets(2, 1)), health(one("steady"), None, Tickets(2, 2)),
        health(one("steady"), None, Tickets(1, 0)), health(one("none"), None, Tickets()),
        health(one("none"), 9, Tickets()),
    ]  # fmt: skip
    assert said == [
        "slipping", "slipping", "strained", "well", "strained", "well", "well", "none", "well",
    ]  # fmt: skip


def test_of_whom_a_survey_was_made_for_so_many_answered(firm: Shop) -> None:
    """ada was asked twice and answered once, ben was asked and did not; cleo before the time."""

    async def asks(tx: Any, _: Any) -> None:
        rows = await tx.fetch("select member_id from member where program_id = $1", tx.program_id)
        ada, ben, cleo = (row["member_id"] for row in rows[:3])
        when = datetime.fromisoformat(f"{MARCH['from']}T12:00:00+00:00")
        for who, at in ((ada, when), (ada, when), (ben, when), (cleo, when - timedelta(days=5))):
            await tx.fetch(
                "insert into survey_invitation values ($1, $2, $3, $4, '', $5, 'x', $6)",
                tx.program_id, tx.new_id(), UUID(int=5), who, at, at + timedelta(days=9),
            )  # fmt: skip
        await tx.fetch(
            "insert into survey_answer (program_id, invitation_id, survey_id, member_id,"
            " answered_at, language) select program_id, invitation_id, survey_id, member_id,"
            " made_at, 'en' from survey_invitation where member_id = $1 limit 1",
            ada,
        )

    firm.do(asks)
    one = told(firm, "accounts", **MARCH).figure("survey_response")
    assert one is not None
    assert (one.part, one.whole) == (1, 2)

    async def look(tx: Any, terms: Any) -> list[behind.Who]:
        wanted = question(terms, firm.now, MARCH)
        page = behind.Page(NEVER, 100)
        return await behind.behind(tx, "survey_response", wanted, page, behind.Cell())

    assert sorted(who.counted for who in firm.do(look)) == [False, True]


def test_they_go_on_where_they_ended(firm: Shop) -> None:
    first, second = opened(firm, "accounts_there")
    assert opened(firm, "accounts_there", 1) == [first]
    assert opened(firm, "accounts_there", 1, first.account.account_id) == [second]
    assert opened(firm, "accounts_there", 1, second.account.account_id) == []


@pytest.fixture
def pairs(counter: Counter) -> Counter:
    from tests.insight.metrics.pictured import people

    counter.shop.at("2026-06-01 12:00")
    if "pairs" not in vars(counter):
        vars(counter)["pairs"] = people(counter)
    return counter


def test_the_api_answers_them_page_by_page(pairs: Counter) -> None:
    report = pairs.get("/v1/insight/accounts?from=2026-02-01&until=2026-06-01").json()
    figure = next(one for one in report["figures"] if one["metric"] == "accounts_buying")
    path, seen, cursor = figure["rows"] + "&limit=7", [], ""
    while cursor is not None:
        page = pairs.get(path + (f"&cursor={cursor}" if cursor else "")).json()
        seen += page["items"]
        cursor = page["next_cursor"]
    assert len({one["account_id"] for one in seen}) == len(seen) == figure["whole"] == 15
    assert sum(one["counted"] for one in seen) == figure["part"]
    assert all(one["account_id"].startswith("hou_") for one in seen)
    known = pairs.get(f"/v1/households/{seen[0]['account_id']}")
    assert known.status_code == 200, "an account is asked for by the id that is shown"


def test_the_console_lists_them_by_name(pairs: Counter) -> None:
    owner = Browser(pairs)
    owner.sign_in(somebody(pairs).email)
    owner.post("/console/me/view", {"full": "yes"})
    page = owner.get("/console/reports/accounts?from=2026-02-01&to=2026-05-31").text
    assert "metric=accounts_quiet" in page
    listed = owner.get(
        "/console/reports/rows?metric=accounts_quiet&from=2026-02-01&until=2026-06-01"
    )
    assert listed.status_code == 200
    assert "Company 0" in listed.text
    assert "falls quiet" in listed.text


def test_lines_of_tables_open_as_many_members_as_they_count(pairs: Counter) -> None:
    """Tenure, age and tier of fairness; a plan, and who is still on it."""
    span = "from=2026-01-01&until=2026-06-01"

    def rows(metric: str, group: str, **more: str) -> list[dict[str, Any]]:
        told = {"metric": metric, "group": group, "limit": "100"} | more
        answer = pairs.get(f"/v1/insight/rows?{span}&{urlencode(told)}")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    fair = tables(pairs, "fairness", span)
    for name, cut in (("by_tenure", "tenure"), ("by_tier", "tier"), ("ages", "age")):
        for row in fair[name]:
            some = rows("reached_members", f"{cut}:{row[0]}", wallet="points")
            assert (len(some), sum(one["counted"] for one in some)) == (row[1], row[2]), row
    assert [row[0] for row in fair["by_tenure"]] == ["new"]
    assert rows("reached_members", "tenure:long", wallet="points") == []
    for row in fair["open_by_tier"]:
        assert len(rows("offers_open", f"tier:{row[0]}")) == row[1]
    for plan, _, at_end, *_ in tables(pairs, "memberships", span)["plans"]:
        assert len(rows("memberships_active", plan)) == at_end
        staying = rows("membership_staying", plan)
        assert sum(one["counted"] for one in staying) == at_end
    assert rows("memberships_active", "no-such-plan") == []
    for wrong in ("metric=reached_members&group=x", "metric=reward_reached&group=x"):
        assert problem(pairs.get(f"/v1/insight/rows?{span}&{wrong}"))[2] == "group"


def tables(counter: Counter, name: str, span: str) -> dict[str, list[Any]]:
    found = counter.get(f"/v1/insight/{name}?{span}").json()["tables"]
    return {one["id"]: one["rows"] for one in found}
