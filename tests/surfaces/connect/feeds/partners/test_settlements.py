"""Accounts are settled line by line, put where a partner fetches them, answered and reconciled."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import polars as pl
import pytest
from tests.books import assert_books_right
from tests.surfaces.connect.feeds.drop import Drop
from tests.surfaces.connect.feeds.partners.agency import ANSWERS, Agency, booked
from tests.surfaces.counter import problem

from regulars.flows.points.partners.keep_settlement_plans import Put, settlements_put
from regulars.records.rewards.partners import read as accounts
from regulars.records.rewards.partners.settling import read
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.errands.settling import Settler
from regulars.surfaces.connect.extracts.settlements import operations
from regulars.surfaces.connect.extracts.shelves.opening import Outside


@pytest.fixture
def traded(agency: Agency) -> Agency:
    """An agency that traded for a day."""
    return trading(agency)


def trading(agency: Agency) -> Agency:
    """Two sales, one of them taken back in whole, and a payment of 5.00; the next day begins."""
    ada = agency.ada()
    agency.drops("a.csv", booked("B-1", ada), booked("B-2", ada, total="50.00"))
    agency.drops("b.csv", booked("B-2", ada, what="cancelled", total="50.00"))
    paid = {"amount": {"minor": 500, "currency": "EUR"}, "external_id": "pay-1"}
    assert agency.counter.post(f"{agency.at}/payments", paid).status_code == 201
    agency.shop.now += timedelta(days=1)
    return agency


def settles(agency: Agency, **said: Any) -> dict[str, Any]:
    answer = agency.counter.post(f"{agency.at}/settlements", said)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def minor(shown: dict[str, Any], *names: str) -> list[int]:
    return [shown[name]["minor"] for name in names]


_SUMS = ("opening", "payments", "accruals", "redemptions", "returns", "corrections", "closing")


def test_each_line_is_in_one_settlement_and_the_sums_add_up(traded: Agency) -> None:
    first = settles(traded)
    assert minor(first, *_SUMS) == [0, 500, -300, 0, 100, 0, 300]
    assert (first["number"], first["lines"], first["from_at"]) == (1, 4, None)
    again = traded.counter.post(f"{traded.at}/settlements", {})
    assert problem(again)[:2] == (409, "already_settled")
    ahead = traded.counter.post(f"{traded.at}/settlements", {"until_on": "2026-03-09"})
    assert problem(ahead)[:2] == (409, "period_not_over")
    traded.drops("c.csv", booked("B-3", traded.digits))
    traded.shop.now += timedelta(days=1)
    second = settles(traded)
    assert minor(second, *_SUMS) == [300, 0, -200, 0, 0, 0, 100]
    assert (second["number"], second["lines"], second["from_at"]) == (2, 1, first["until_at"])
    listed = traded.counter.get(f"{traded.at}/settlements?limit=1").json()
    assert [one["number"] for one in listed["items"]] == [2]
    rest = traded.counter.get(f"{traded.at}/settlements?cursor={listed['next_cursor']}").json()
    assert [one["number"] for one in rest["items"]] == [1]
    traded.shop.run(assert_books_right(traded.shop.made.owner_dsn))


def test_the_files_say_the_same_and_the_totals_prove_them(traded: Agency) -> None:
    settles(traded)
    at = f"{traded.at}/settlements/1"
    text = traded.counter.get(f"{at}/file").content
    rows = list(csv.DictReader(io.StringIO(text.decode())))
    assert [(one["kind"], one["reference"], one["units"], one["amount"]) for one in rows] == [
        ("accrual", "B-1", "200", "-2.00"),
        ("accrual", "B-2", "100", "-1.00"),
        ("return", "back-B-2", "-100", "1.00"),
        ("payment", "pay-1", "0", "5.00"),
    ]
    assert (rows[0]["price"], rows[0]["per_units"], rows[2]["takes_back"]) == (
        "10.00", "1000", "B-2",
    )  # fmt: skip
    totals = traded.counter.get(f"{at}/file?format=totals").json()
    assert (totals["sha256"], totals["bytes"]) == (sha256(text).hexdigest(), len(text))
    assert (totals["closing"], totals["lines"]) == ("3.00", 4)
    assert totals["units"]["award"]["accrual"] == {"lines": 2, "units": 300, "moved": 300}
    frame = pl.read_parquet(io.BytesIO(traded.counter.get(f"{at}/file?format=parquet").content))
    assert frame["entry"].to_list() == [one["entry"] for one in rows]
    assert frame["amount"].to_list() == [one["amount"] for one in rows]
    lines = traded.counter.get(f"{at}/lines?limit=3").json()
    assert [one["id"] for one in lines["items"]] == [one["entry"] for one in rows[:3]]
    assert problem(traded.counter.get(f"{traded.at}/settlements/9"))[:2] == (404, "not_found")


def test_what_a_partner_answers_is_held_against_the_lines(traded: Agency) -> None:
    settles(traded)
    at = f"{traded.at}/settlements/1"
    lines = traded.counter.get(f"{at}/lines").json()["items"]
    first, second, back, paid = (one["id"] for one in lines)
    eur = {"currency": "EUR"}
    told = traded.counter.post(
        f"{at}/answers",
        {
            "lines": [
                {"entry": first, "answer": "accepted", "amount": {"minor": -199} | eur},
                {"entry": first, "answer": "accepted", "amount": {"minor": -200} | eur},
                {"entry": second, "answer": "disputed"},
                {"entry": second, "answer": "disputed", "reason": "never travelled"},
                {"entry": back, "answer": "disputed", "reason": "no"},
                {"entry": paid, "answer": "accepted"},
                {"entry": first, "answer": "disputed", "reason": "after all"},
            ]
        },
    ).json()
    assert [(one["code"], one["field"]) for one in told["results"]] == [
        ("invalid", "/amount"), ("", ""), ("invalid", "/reason"), ("", ""),
        ("invalid", "/answer"), ("", ""), ("already_answered", ""),
    ]  # fmt: skip
    answers = told["answers"]
    assert [answers[name] for name in ("accepted", "disputed", "undecided", "unanswered")] == [
        2, 1, 1, 0,
    ]  # fmt: skip
    dispute = told["results"][3]["dispute"]
    decided = traded.counter.post(
        f"/v1/partner-disputes/{dispute}/decision", {"decision": "granted", "reason": "checked"}
    )
    # All of it came back by the return already: there is nothing to give back.
    assert problem(decided)[:2] == (409, "nothing_left")
    shown = traded.counter.get(at).json()["answers"]
    assert (shown["disputed_amount"]["minor"], shown["accepted_amount"]["minor"]) == (-100, 300)


def test_an_answer_file_is_reconciled_row_by_row(traded: Agency) -> None:
    settles(traded)
    counter = traded.counter
    at = f"{traded.at}/settlements/1"
    lines = traded.counter.get(f"{at}/lines").json()["items"]
    mapping = ANSWERS.replace("PARTNER", traded.slug)
    answering = Drop(counter, mapping).from_folder()
    rows = [
        f"{lines[0]['id']},ok,-2.00,",
        f"{lines[1]['id']},no,-0.50,only half of it",
        f"{lines[2]['id']},ok,0.99,",
        "pen_1,ok,,",
    ]
    answering.put("answers.csv", "\n".join(["entry,verdict,ours,why", *rows, ""]))
    answering.look()
    answering.book()
    assert answering.states() == [
        ("booked", "answer", ""),
        ("booked", "answer", ""),
        ("refused", "invalid", "ours"),
        ("unfit", "unfit", "entry"),
    ]
    shown = traded.counter.get(at).json()["answers"]
    assert [shown[name] for name in ("accepted", "disputed", "unanswered")] == [1, 1, 0]
    reasons = [(one["answer"], one["reason"]) for one in counter.get(f"{at}/lines").json()["items"]]
    assert reasons[:2] == [("accepted", ""), ("disputed", "only half of it")]
    ((disputes,),) = traded.shop.rows(
        "select count(*) from partner_dispute where program_id = $1 and entry_id = $2::text::uuid",
        lines[1]["id"].removeprefix("pen_"),
    )
    assert disputes == 1


def test_a_granted_dispute_is_in_the_next_settlement(traded: Agency) -> None:
    settles(traded)
    line = traded.counter.get(f"{traded.at}/settlements/1/lines").json()["items"][0]["id"]
    told = traded.counter.post(
        f"{traded.at}/settlements/1/answers",
        {"lines": [{"entry": line, "answer": "disputed", "reason": "not ours"}]},
    ).json()
    traded.counter.post(
        f"/v1/partner-disputes/{told['results'][0]['dispute']}/decision",
        {"decision": "granted", "reason": "checked"},
    )
    traded.shop.now += timedelta(days=1)
    second = settles(traded)
    assert minor(second, "opening", "corrections", "closing") == [300, 200, 500]
    assert traded.counter.get(f"{traded.at}/settlements/1").json()["answers"]["granted"] == 1
    assert traded.miles() == 200
    traded.shop.run(assert_books_right(traded.shop.made.owner_dsn))


def test_a_line_under_dispute_is_not_accepted(traded: Agency) -> None:
    settles(traded)
    at = f"{traded.at}/settlements/1"
    line = traded.counter.get(f"{at}/lines").json()["items"][0]["id"]
    disputed = {"entry": line, "actor": "agency", "reason": "not ours"}
    opened = traded.counter.post("/v1/partner-disputes", disputed)
    assert opened.status_code == 201, opened.text

    def accepts() -> str:
        body = {"lines": [{"entry": line, "answer": "accepted"}]}
        told = traded.counter.post(f"{at}/answers", body).json()
        assert told["answers"]["accepted"] == 0
        return str(told["results"][0]["code"])

    assert accepts() == "already_answered"
    traded.counter.post(
        f"/v1/partner-disputes/{opened.json()['id']}/decision",
        {"decision": "granted", "reason": "checked"},
    )
    assert accepts() == "already_decided"


def test_a_settlement_too_large_to_wait_for_is_put_by_a_plan(
    traded: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    settles(traded)
    monkeypatch.setattr(operations, "MOST_ANSWERED", 3)
    answer = traded.counter.get(f"{traded.at}/settlements/1/file")
    assert problem(answer)[:2] == (422, "invalid")
    assert "/settlement-plan" in answer.text


def test_a_key_of_a_partner_sees_and_answers_its_own_alone(traded: Agency) -> None:
    settles(traded)
    own = traded.counter.made_key(f"partners:tell:{traded.slug}")
    other = traded.counter.made_key(f"partners:tell:{Agency(traded.counter).slug}")
    traded.shop.now += timedelta(days=1)
    at = f"{traded.at}/settlements/1"
    assert traded.counter.get(at, key=own).status_code == 200
    assert problem(traded.counter.get(at, key=other))[:2] == (404, "not_found")
    line = traded.counter.get(f"{at}/lines", key=own).json()["items"][0]["id"]
    body = {"lines": [{"entry": line, "answer": "accepted"}]}
    assert problem(traded.counter.post(f"{at}/answers", body, key=other))[:2] == (404, "not_found")
    assert traded.counter.post(f"{at}/answers", body, key=own).json()["results"][0]["code"] == ""
    made = traded.counter.post(f"{traded.at}/settlements", {}, key=own)
    assert problem(made)[:2] == (403, "missing_scope")


class Monthly:
    """A plan into a folder, and a worker that is called by hand."""

    def __init__(self, agency: Agency, **said: Any) -> None:
        self.agency, counter = agency, agency.counter
        self.plan = f"{agency.at}/settlement-plan"
        wish = {"every": "month", "place": "folder", "address": agency.feed.mark} | said
        answer = counter.ask("PUT", self.plan, wish)
        assert answer.status_code == 200, answer.text
        ((slug,),) = agency.shop.rows("select slug from program where program_id = $1")
        assert counter.given.extracts is not None
        self.there = counter.given.extracts / str(slug) / agency.feed.mark
        database, given = agency.shop.database, counter.given
        outside = Outside(given.receivers, given.extracts)
        root = Path(mkdtemp(prefix="settlements-"))
        self.settler = Settler(database, Programs(database), given.keyed, outside, root)

    def goes(self) -> dict[str, Any]:
        """The worker has its turn; how the plan is then."""
        for partner in self.agency.shop.run(self.settler.due(self.agency.shop.program_id)):
            self.agency.shop.run(self.settler.go(self.agency.shop.program_id, partner))
        found: dict[str, Any] = self.agency.counter.get(self.plan).json()
        return found


def test_settlements_are_put_there_each_month_whole(traded: Agency) -> None:
    monthly = Monthly(traded)
    assert traded.counter.post(f"{monthly.plan}/try").json()["answers"]
    assert monthly.goes()["put"] == 0
    assert not list(monthly.there.glob("*"))
    traded.shop.at("2026-04-01T00:30")
    after = monthly.goes()
    assert (after["put"], after["waiting"], after["problem"]) == (1, 0, "")
    assert after["next_at"] == "2026-04-30T21:00:00Z"
    folder = monthly.there / f"{traded.slug}-00001"
    totals = json.loads((folder / "manifest.json").read_text())
    body = (folder / totals["file"]).read_bytes()
    assert sha256(body).hexdigest() == totals["sha256"]
    assert (totals["closing"], totals["until_at"][:10]) == ("3.00", "2026-03-31")
    monthly.goes()
    assert len(list(monthly.there.iterdir())) == 1
    now = traded.counter.post(f"{monthly.plan}/now")
    assert now.status_code == 202, now.text
    assert monthly.goes()["put"] == 1  # nothing more is over


def test_a_place_that_does_not_answer_gets_the_very_same_later(traded: Agency) -> None:
    monthly = Monthly(traded, every="day", format="parquet")
    monthly.there.parent.mkdir(parents=True, exist_ok=True)
    monthly.there.write_text("in the way")
    traded.shop.now += timedelta(days=1)
    after = monthly.goes()
    assert (after["put"], after["waiting"]) == (0, 1)
    assert "is a file or a link" in after["problem"]
    monthly.there.unlink()
    traded.shop.now += timedelta(hours=2)
    after = monthly.goes()
    assert (after["put"], after["waiting"], after["problem"]) == (1, 0, "")
    (folder,) = monthly.there.iterdir()
    assert {one.name for one in folder.iterdir()} == {
        "manifest.json",
        f"{traded.slug}-1.parquet",
    }
    traded.counter.ask("DELETE", monthly.plan)
    assert problem(traded.counter.get(monthly.plan))[:2] == (404, "not_found")


def test_what_is_put_once_more_is_not_forgotten_by_a_try_on_its_way(traded: Agency) -> None:
    settles(traded)
    plan = {"every": "day", "place": "folder", "address": traded.slug}
    at = f"{traded.at}/settlement-plan"
    assert traded.counter.ask("PUT", at, plan).status_code == 200
    shop, terms = traded.shop, traded.shop.terms

    async def held() -> Any:
        async with shop.database.transaction(shop.program_id) as tx:
            known = await accounts.partners(tx, [traded.slug])
            return await read.plan(tx, known[traded.slug].partner_id)

    async def ends(before: Any) -> None:
        async with shop.database.transaction(shop.program_id) as tx:
            await settlements_put(tx, terms, [Put(before, 1)])

    shop.run(ends(shop.run(held())))
    assert traded.counter.get(at).json()["put"] == 1
    before = shop.run(held())
    again = traded.counter.post(f"{at}/from", {"from_on": "2026-03-01"})
    assert (again.status_code, again.json()["put"], again.json()["waiting"]) == (202, 0, 1)
    shop.run(ends(before))
    assert traded.counter.get(at).json()["put"] == 0, "it is still to be put once more"
    none = traded.counter.post(f"{at}/from", {"from_on": "2026-03-03"})
    assert problem(none)[:2] == (422, "invalid")
