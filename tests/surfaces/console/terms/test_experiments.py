"""Experiments in the console and over the API: planned, begun by the worker's duty, read, ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.flows.night.counted.following import goes_on
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter, coffee, problem

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.terms.experiments.keep_looks import keep_look
from regulars.insight.experiments.looking import seen
from regulars.insight.experiments.outcomes import Outcomes
from regulars.records.program.changes.experiments import read
from regulars.records.program.changes.experiments.types import Look
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.reckoning.experiments import Experiments

PATH = "/console/experiments"
TYPED = {
    "title": "Twice on Tuesdays", "code": "tuesdays", "kind": "split", "share": "50",
    "first": "as-ever", "second": "twice", "outcome": "spend", "wanted": "",
}  # fmt: skip


@pytest.fixture
def counter(fresh_database: Any) -> Iterator[Counter]:
    opened = Counter.open(fresh_database)
    yield opened
    opened.close()


@pytest.fixture
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter, "owner").email)
    return browser


def works(counter: Counter, *, looks: bool = False) -> None:
    """The worker's duty, once."""
    shop = counter.shop
    duty = Experiments(shop.database, Programs(shop.database))
    act = duty.look if looks else duty.go
    counter.shop.run(act(shop.program_id, shop.now))


def folded(counter: Counter) -> None:
    goes_on(counter.shop)


def test_more_than_two_parts_are_planned(counter: Counter, owner: Browser) -> None:
    typed = {**TYPED, "share": "30", "third": "thrice", "fourth": ""}
    full = owner.post(PATH, {**typed, "share": "50"})
    assert (full.status_code, "leave nothing to the first" in full.text) == (422, True)
    same = owner.post(PATH, {**typed, "third": "not a name!"})
    assert same.status_code == 422
    assert re.search('id="third"[^>]*aria-invalid', same.text) or "third-wrong" in same.text
    assert owner.post(PATH, typed).status_code == 303
    kept = counter.shop.do(lambda tx, _: read.experiment(tx, "tuesdays"))
    assert kept is not None
    assert [(arm.name, arm.parts) for arm in kept.arms] == [
        ("as-ever", 40), ("twice", 30), ("thrice", 30),
    ]  # fmt: skip


def test_one_is_planned_begun_seen_and_ended(counter: Counter, owner: Browser) -> None:
    for number in range(70):
        counter.joined(str(4000 + number))
    assert owner.post(PATH, TYPED).headers["location"] == f"{PATH}/tuesdays"
    page = owner.get(f"{PATH}/tuesdays").text
    assert "experiment-tuesdays" in page, "how a rule asks for it"
    assert owner.post(f"{PATH}/tuesdays", {"does": "begin"}).status_code == 303
    assert "The first look comes within the hour" in owner.get(f"{PATH}/tuesdays").text
    works(counter)
    shown = counter.get("/v1/experiments/tuesdays").json()
    assert sum(arm["members"] for arm in shown["experiment"]["arms"]) == 70
    assert shown["look"] is None
    counter.shop.now += timedelta(days=1)
    for number in range(0, 70, 3):
        sold = coffee(str(4000 + number), 2)
        assert counter.post("/v1/activities", sold, idempotency_key=str(number)).status_code == 201
    counter.shop.now += timedelta(days=1)
    folded(counter)
    works(counter, looks=True)
    found = counter.get("/v1/experiments/tuesdays").json()["look"]["found"]
    assert sum(arm["orders"] for arm in found["arms"]) == 24
    outcomes = {one["outcome"] for one in found["effects"]}
    assert outcomes == {"spend", "orders", "came", "cost", "return"}
    owner.sign_in(somebody(counter, "owner").email)  # two days later nobody is signed in any more
    page = owner.get(f"{PATH}/tuesdays").text
    assert "What it shows" in page
    for one in found["points"]:
        assert one["comes_back"] is None, "two days tell nothing of what comes back"
    assert page.count("how many never come back cannot be said yet") == len(found["points"]) > 0
    assert "how much of revenue stays as margin" in page
    empty = owner.post(f"{PATH}/tuesdays", {"does": "end", "why": " "})
    assert (empty.status_code, "Say why it ends" in empty.text) == (422, True)
    assert owner.post(f"{PATH}/tuesdays", {"does": "end", "why": "Enough"}).status_code == 303
    assert counter.get("/v1/experiments").json()["items"][0]["state"] == "ended"
    log = owner.get("/console/audit?did=experiment.ended").text
    assert "tuesdays" in log.split("<tbody>")[1], "which one it was"


def test_what_happened_before_the_end_is_seen_by_a_last_look(
    counter: Counter, owner: Browser
) -> None:
    counter.joined("4711")
    owner.post(PATH, TYPED)
    owner.post(f"{PATH}/tuesdays", {"does": "begin"})
    works(counter)
    folded(counter)
    works(counter, looks=True)
    counter.shop.now += timedelta(days=1)
    assert counter.post("/v1/activities", coffee("4711", 2), idempotency_key="k").status_code == 201
    counter.shop.now += timedelta(days=1)
    owner.sign_in(somebody(counter, "owner").email)
    assert owner.post(f"{PATH}/tuesdays", {"does": "end", "why": "Enough"}).status_code == 303
    folded(counter)
    seen = []
    for _ in range(3):
        works(counter)
        works(counter, looks=True)
        seen.append(counter.get("/v1/experiments/tuesdays").json()["look"])
        counter.shop.now += timedelta(days=1)
    assert sum(arm["orders"] for arm in seen[0]["found"]["arms"]) == 1
    assert seen[0] == seen[1] == seen[2], "it is over; nobody looks any more"


def test_a_look_is_not_taken_twice_within_the_hour(counter: Counter, owner: Browser) -> None:
    counter.joined("4711")
    owner.post(PATH, TYPED)
    owner.post(f"{PATH}/tuesdays", {"does": "begin"})
    works(counter)
    works(counter, looks=True)
    seen = counter.get("/v1/experiments/tuesdays").json()["look"]
    assert seen is None, "nobody looks before members have rows"
    folded(counter)
    works(counter, looks=True)
    first = counter.get("/v1/experiments/tuesdays").json()["look"]["at"]
    counter.shop.now += timedelta(minutes=30)
    works(counter, looks=True)
    assert counter.get("/v1/experiments/tuesdays").json()["look"]["at"] == first
    counter.shop.now += timedelta(minutes=31)
    works(counter, looks=True)
    assert counter.get("/v1/experiments/tuesdays").json()["look"]["at"] > first


def looked(counter: Counter, owner: Browser, each: int, more: float) -> str:
    """The page, with so many in either part, of whom those in the second did so much more."""
    owner.post(PATH, TYPED)
    owner.post(f"{PATH}/tuesdays", {"does": "begin"})
    arms, orders = [0, 1] * each, [float(at % 3) for at in range(each) for _ in range(2)]
    after = [one + arm * more for one, arm in zip(orders, arms, strict=True)]
    money = [one * 500 for one in after]
    found = Outcomes(arms, after, money, [one / 20 for one in money], orders, orders)

    async def keep(tx: Tx, terms: Terms) -> None:
        one = await read.experiment(tx, "tuesdays")
        assert one is not None
        await keep_look(tx, one, terms.at(tx.now).zone, Look(tx.now, seen(one, found)))

    counter.shop.do(keep)
    answer = owner.get(f"{PATH}/tuesdays")
    assert answer.status_code == 200
    return answer.text


def test_too_few_in_both_parts_together_are_not_said_to_be_in_one(
    counter: Counter, owner: Browser
) -> None:
    assert "98 in both parts, and it takes 100" in looked(counter, owner, 49, 0)


@pytest.mark.parametrize(("more", "says"), [(0, "not known yet"), (3, "surely more")])
def test_what_came_of_many_is_shown_with_its_bounds(
    counter: Counter, owner: Browser, more: float, says: str
) -> None:
    page = looked(counter, owner, 150, more)
    assert says in page
    assert " percentage points<" in page
    assert ("what one further order cost: points" in page) == bool(more)


def test_nobody_looks_before_the_books_were_added_up(counter: Counter, owner: Browser) -> None:
    """A look at rows that are not there yet said for an hour that nobody had bought anything."""
    counter.joined("4711")
    owner.post(PATH, TYPED)
    owner.post(f"{PATH}/tuesdays", {"does": "begin"})
    works(counter)
    works(counter, looks=True)
    assert counter.get("/v1/experiments/tuesdays").json()["look"] is None
    folded(counter)
    works(counter, looks=True)
    assert counter.get("/v1/experiments/tuesdays").json()["look"] is not None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"share": "0"}, "share"), ({"share": "half"}, "share"), ({"code": "Tuesdays!"}, "code"),
        ({"title": ""}, "title"), ({"second": "as-ever"}, "first"),
        ({"second": "Twice!"}, "second"),
        ({"wanted": "many"}, "wanted"),
    ],
)  # fmt: skip
def test_what_was_typed_stays_beside_what_is_wrong(
    counter: Counter, owner: Browser, typed: dict[str, str], field: str
) -> None:
    answer = owner.post(PATH, TYPED | typed)
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text
    assert 'value="Twice on Tuesdays"' in answer.text or "title" in typed
    assert counter.get("/v1/experiments").json()["items"] == []


def test_of_a_few_members_nobody_is_held_out_and_it_says_how_many_it_takes(
    counter: Counter, owner: Browser
) -> None:
    counter.joined("4711")
    owner.post(PATH, TYPED | {"kind": "hold_out"})
    answer = owner.post(f"{PATH}/tuesdays", {"does": "begin"})
    assert answer.status_code == 422
    assert "Members so far: 1; to hold anybody out it takes 500" in answer.text


def test_how_many_it_takes_is_said_in_the_reader_s_numbers(owner: Browser) -> None:
    assert "8,442" in owner.get(f"{PATH}?now=10&then=12&part=50").text
    apart = owner.get(f"{PATH}?now=10&then=12&part=10").text
    assert "5,387" in apart
    assert "48,480" in apart
    three = owner.get(f"{PATH}?now=10&then=12&arms=3&part=").text
    assert "It takes 9,457 members in each of 3 equal parts." in three
    fifth = owner.get(f"{PATH}?now=10&then=12&arms=3&part=20").text
    assert "It takes 20,079 members in the first part and 6,693 in each further one." in fifth
    for none_left in ("arms=3&part=50", "arms=6&part=5", "arms=1&part=50"):
        answer = owner.get(f"{PATH}?more=2&{none_left}")
        assert "leaves some to the first one" in answer.text, none_left
    wrong = owner.get(f"{PATH}?now=10&then=10").text
    assert "Two shares from 0.1 to 99.9 %" in wrong
    assert "With them such a difference" in apart
    assert "With them such a difference" not in wrong


def test_over_the_api_it_is_the_same(counter: Counter) -> None:
    sent = {"title": "X", "arms": [{"name": "a", "parts": 1}, {"name": "b", "parts": 3}]}
    assert counter.ask("PUT", "/v1/experiments/x", sent).status_code == 200
    wrong = counter.ask("PUT", "/v1/experiments/x", sent | {"ends_at": "2020-01-01T00:00:00Z"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/ends_at")
    none = counter.post("/v1/experiments/none/begin", {})
    assert none.status_code == 404
    assert (
        counter.post("/v1/experiments/x/end", {"why": "No"}).json()["code"]
        == "experiment_not_begun"
    )
    held = {
        "title": "H",
        "kind": "everybody",
        "arms": [{"name": "held-out", "parts": 1}, {"name": "in", "parts": 9}],
    }
    assert counter.ask("PUT", "/v1/experiments/h", held).status_code == 200
    few = counter.post("/v1/experiments/h/begin", {})
    assert (few.status_code, few.json()["facts"]["at_least"]) == (409, 500)
    assert counter.ask("DELETE", "/v1/experiments/x").status_code == 200
    size = counter.get("/v1/experiment-sizes?share=100&lift=20").json()
    assert size == {"members": 8442, "larger": 8442}, "by the bounds that hold at every look"
    size = counter.get("/v1/experiment-sizes?share=100&lift=20&part=10").json()
    assert size == {"members": 5387, "larger": 48480}
    three = counter.get("/v1/experiment-sizes?share=100&lift=20&arms=3").json()
    assert three["members"] > 8442, "each of two further arms is judged more strictly"
    member = counter.joined("4711")
    counter.ask("PUT", "/v1/experiments/y", sent)
    counter.post("/v1/experiments/y/begin", {})
    works(counter)
    (arm,) = counter.get(f"/v1/members/{member}/experiments").json()["items"]
    assert (arm["experiment"], arm["over"]) == ("y", False)
    assert arm["arm"] in ("a", "b")


@pytest.mark.parametrize("ends", ["2027-01-01T00:00:00", "2027-01-01", "1969-12-31T23:00:00Z", 7])
def test_an_end_without_an_offset_is_refused(counter: Counter, ends: Any) -> None:
    """It was compared with instants that have one, and answered with 500."""
    arms = [{"name": "as-ever", "parts": 1}, {"name": "twice", "parts": 1}]
    plan = {"title": "Twice", "arms": arms, "ends_at": ends}
    answer = counter.ask("PUT", "/v1/experiments/twice", plan)
    assert problem(answer) == (422, "invalid", "/ends_at")
    assert counter.get("/v1/experiments").json() == {"items": []}
    plan["ends_at"] = "2027-01-01T02:00:00+02:00"
    assert counter.ask("PUT", "/v1/experiments/twice", plan).json()["ends_at"] == (
        "2027-01-01T00:00:00Z"
    )


def test_an_experiment_is_planned_until_a_day_and_its_size_for_unequal_parts(
    counter: Counter, owner: Browser
) -> None:
    for ends in ("2026-02-30", "soon", "2020-01-01"):
        answer = owner.post(PATH, TYPED | {"ends": ends})
        assert answer.status_code == 422
        assert "A day from today on, or nothing" in answer.text, ends
    today = counter.shop.now.date()
    assert owner.post(PATH, TYPED | {"ends": str(today)}).status_code == 303
    zone = ZoneInfo(counter.shop.terms.at(counter.shop.now).program.zone)
    ends_at = counter.get("/v1/experiments/tuesdays").json()["experiment"]["ends_at"]
    told = datetime.fromisoformat(ends_at).astimezone(zone)
    assert (told.date(), told.hour) == (today + timedelta(1), 0), "the last day is in it"
    text = owner.get(f"{PATH}?now=10&then=12&part=10").text
    assert "It takes 5,387 members in the smaller part and 48,480 in the other." in text
    assert "It takes 8,442 members in each of two equal parts." in (
        owner.get(f"{PATH}?now=10&then=12").text
    )
    for part in ("0", "100", "00991", "9" * 5_000):
        for asked in ("now=10&then=12", "more=2"):
            answer = owner.get(f"{PATH}?{asked}&part={part}")
            assert (answer.status_code, "leaves some to the first one" in answer.text) == (
                200,
                True,
            ), part[:9]


def test_sizes_are_told_of_what_is_less_too(counter: Counter) -> None:
    """The document says from -998 on; a minus was refused."""
    size = "/v1/experiment-sizes?share=100&lift="
    assert counter.get(f"{size}-20").json()["members"] > 1_000
    assert problem(counter.get(f"{size}-998"))[:2] == (400, "bad_parameter")
    for wrong in ("--20", "+20", "-", "2-0", "-999", "%2D"):
        assert problem(counter.get(f"{size}{wrong}"))[:2] == (400, "bad_parameter"), wrong


def test_every_look_is_a_point_of_a_chart_and_a_row_of_a_file(
    counter: Counter, owner: Browser
) -> None:
    for number in range(3):
        counter.joined(str(4000 + number))
    assert 'id="ahead-1"' not in looked(counter, owner, 150, 3), "one look is no line"
    works(counter)
    counter.shop.now += timedelta(days=1)
    owner.sign_in(somebody(counter, "owner").email)
    page = " ".join(looked(counter, owner, 150, 3).split())
    drawn = page.split('id="ahead-1"')[1].split("</table>")[0]
    assert drawn.count("<tr><th") == 3, "a head and two looks"
    assert "twice beside as-ever, look by look: 15 at the last one. In EUR a member." in page
    file = owner.get(f"{PATH}/tuesdays?as=csv&table=effects")
    assert file.text.removeprefix("\ufeff").splitlines()[1].split(",")[1:4] == [
        "twice", "spend", "1500.000000",
    ]  # fmt: skip
    assert owner.get(f"{PATH}/tuesdays?as=csv&table=members").status_code == 404
    looks = "/v1/experiments/tuesdays/looks"
    assert [len(one["rows"]) for one in counter.get(looks).json()["tables"]] == [10, 4]
    assert counter.get(f"{looks}?format=parquet&table=arms").content[:4] == b"PAR1"
    for query, field in (("format=xls", "format"), ("format=csv&table=x", "table")):
        assert problem(counter.get(f"{looks}?{query}")) == (400, "bad_parameter", field)


def test_whoever_is_in_a_part_is_listed_page_by_page(counter: Counter, owner: Browser) -> None:
    ids = {counter.joined(str(4000 + number)) for number in range(7)}
    owner.post(PATH, TYPED)
    owner.post(f"{PATH}/tuesdays", {"does": "begin"})
    works(counter)
    found: list[str] = []
    for arm in ("as-ever", "twice"):
        cursor: str | None = ""
        while cursor is not None:
            more = f"&cursor={cursor}" if cursor else ""
            path = f"/v1/experiments/tuesdays/members?arm={arm}&limit=2{more}"
            page = counter.get(path).json()
            found += [one["member_id"] for one in page["items"]]
            cursor = page["next_cursor"]
        shown = owner.get(f"{PATH}/tuesdays/members?part={arm}").text
        assert page["items"][-1]["member_id"] in shown, arm
    assert sorted(found) == sorted(ids), "everybody once"
    wrong = counter.get("/v1/experiments/tuesdays/members?arm=nobody")
    assert problem(wrong) == (400, "bad_parameter", "arm")
    for query in ("part=nobody", "part=twice&cursor=x"):
        assert owner.get(f"{PATH}/tuesdays/members?{query}").status_code == 404


def test_how_many_a_mean_takes_is_said_by_what_members_did(
    counter: Counter, owner: Browser
) -> None:
    asked = "/v1/experiment-sizes/means?outcome=spend&more=200"
    assert counter.get(asked).json()["missing"] == {"what": "members", "have": 0, "wanted": 50}
    assert "Too few members" in owner.get(f"{PATH}?of=spend&more=2").text
    assert "An amount above nothing" in owner.get(f"{PATH}?of=orders&more=-1").text
    for number in range(60):
        counter.joined(str(4000 + number))

    async def bought(tx: Tx, _: Terms) -> None:
        await tx.fetch(
            "insert into member_day select program_id, member_id, $2::date, '', 1, 1, 1000, 1000,"
            " 1, 0, 0 from member"
            " where program_id = $1 order by member_id limit 30",
            tx.program_id, tx.now.date() - timedelta(3),
        )  # fmt: skip

    counter.shop.do(bought)
    found = counter.get(asked).json()
    assert (found["counted"], found["mean"]) == (60, 500)
    assert found["spread"] == pytest.approx(504.22, abs=0.01)
    # By the bounds that hold at every look; one look alone would take 100 in each part.
    assert (found["members"], found["larger"]) == (200, 200)
    page = owner.get(f"{PATH}?of=spend&more=2&part=50").text
    assert re.search(r'<span class="strong">[^<]*\b200\b', page)
