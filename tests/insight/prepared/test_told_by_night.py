"""Reports that take long are told by night: the same answer, of its day, by its terms."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import get_ident
from typing import Any

import pytest
from msgspec.structs import replace
from tests.insight.metrics.books import lay
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.insight.metrics.asked import Asked, Offer, Report, Table, Way, columns
from regulars.insight.metrics.asking import usual
from regulars.insight.metrics.reports import telling
from regulars.insight.metrics.reports.telling import (
    QUESTIONS,
    ROOMS,
    basis_of,
    look_once,
    made_of,
    question_of,
    read_again,
    said_of,
    written,
)
from regulars.insight.metrics.spans import Span
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.reckoning import telling as working
from regulars.runtime.working.reckoning.telling import Telling
from regulars.surfaces.in_words.reports.asking import REPORTS, question
from regulars.surfaces.in_words.reports.telling import TOLD_BY_NIGHT, Found, report_of

LATER = "It was counted last night"
_TOLD = "select report, question, told is not null from report_told where program_id = $1"
_SPOIL = """
update report_told set told = jsonb_set(told, '{figures}', '[]') where program_id = $1
returning 1
"""


@pytest.fixture(scope="module")
def shop(counter: Counter) -> Any:
    counter.shop.at("2026-06-01 12:00")
    lay(counter)
    return counter.shop


@pytest.fixture
def asleep(shop: Any) -> Iterator[Any]:
    """Nothing was told yet."""
    shop.rows("delete from report_told where program_id = $1 returning 1")
    now = shop.now
    yield shop
    shop.now = now


def night(shop: Any, long_ms: int = 0) -> dict[tuple[str, str], bool]:
    """What is there after the duty ran; every question takes as long as `long_ms`, and more."""
    telling = Telling(shop.database, Programs(shop.database), long_ms)
    shop.run(telling.go(shop.program_id, shop.now))
    return {(report, asked): there for report, asked, there in shop.rows(_TOLD)}


def look(shop: Any, name: str, said: dict[str, str], *, anew: bool = False) -> Found:
    async def at(tx: Any, terms: Any) -> Found:
        return await report_of(tx, terms, name, said, shop.now, anew=anew)

    found: Found = shop.do(at)
    return found


def test_what_is_told_is_what_would_be_counted(asleep: Any) -> None:
    there = night(asleep)
    assert set(there) == {(name, each) for name in TOLD_BY_NIGHT for each in QUESTIONS}
    assert all(there.values())
    for name, each in there:
        said = said_of(each, question_day(asleep))
        told, counted = look(asleep, name, said), look(asleep, name, said, anew=True)
        assert told.by_night, (name, each)
        assert not counted.by_night
        assert told.as_of == counted.as_of
        for part in ("figures", "before", "tables", "moves_from"):
            assert getattr(told.report, part) == getattr(counted.report, part), (name, each, part)
        assert told.report.asked.span == counted.report.asked.span


def question_day(shop: Any) -> Any:
    async def day(_tx: Any, terms: Any) -> Any:
        return question(terms, shop.now, {}).today

    return shop.do(day)


def test_any_report_is_read_as_it_was_written(shop: Any) -> None:
    """Days and months among them, which JSON has as text."""

    async def again(tx: Any, terms: Any) -> None:
        for name, made in REPORTS.items():
            for fine in ("day", "week", "month"):
                said = {"from": "2026-01-01", "until": "2026-06-02", "granularity": fine}
                found = await made(tx, question(terms, shop.now, said | {"compare": "year"}))
                assert read_again(written(found), name, found.asked) == found, (name, fine)

    shop.do(again)


def test_of_a_small_shop_each_is_asked_once_and_nothing_is_kept(asleep: Any) -> None:
    there = night(asleep, long_ms=60_000)
    assert there == {(name, QUESTIONS[0]): False for name in TOLD_BY_NIGHT}
    assert not look(asleep, "fairness", {"compare": "previous"}).by_night


def test_what_was_told_counts_for_its_day_and_its_terms(asleep: Any) -> None:
    night(asleep)
    assert look(asleep, "fairness", {}).by_night
    assert not look(asleep, "fairness", {"granularity": "week"}).by_night
    assert not look(asleep, "fairness", {"store": "main"}).by_night
    asleep.rows("update report_told set basis = repeat('0', 64) where program_id = $1 returning 1")
    assert not look(asleep, "fairness", {}).by_night
    night(asleep)
    assert look(asleep, "fairness", {}).by_night, "asked anew by the terms in force"
    asleep.now += timedelta(days=1)
    assert not look(asleep, "fairness", {}).by_night


def test_one_that_cannot_be_counted_keeps_no_other_from_being_told(
    asleep: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def breaks(*_: Any) -> Any:
        asked.append(1)
        raise ZeroDivisionError

    monkeypatch.setattr(working, "REPORTS", dict(REPORTS) | {"overview": breaks})
    there = night(asleep)
    assert {name for (name, _), told in there.items() if told} == set(TOLD_BY_NIGHT) - {"overview"}
    night(asleep)
    assert len(asked) == len(QUESTIONS), "each is tried once a day"


def test_of_a_sandbox_nothing_is_told(asleep: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def sandbox(_: int) -> bool:
        return True

    monkeypatch.setattr(asleep.database, "is_sandbox", sandbox)
    assert night(asleep) == {}


def test_what_an_older_release_wrote_is_counted(asleep: Any) -> None:
    night(asleep)
    asleep.rows("update report_told set told = '{\"old\": 1}' where program_id = $1 returning 1")
    assert not look(asleep, "points", {}).by_night


def test_a_page_says_so_and_counts_now_for_who_asks(asleep: Any, counter: Counter) -> None:
    owner = Browser(counter)
    owner.sign_in(somebody(counter, email="told@example.org").email)
    assert LATER not in owner.get("/console/reports/points").text
    night(asleep)
    counted = owner.get("/console/reports/points?anew=yes").text
    told = owner.get("/console/reports/points").text
    assert LATER in told
    assert "/console/reports/points?anew=yes" in told
    assert LATER not in counted
    asleep.rows(_SPOIL)
    assert 'aria-label="Figures"' in counted
    assert 'aria-label="Figures"' not in owner.get("/console/reports/points").text
    # What is owed ties to the ledger whenever somebody looks.
    assert LATER not in owner.get("/console/reports/liability").text


TODAY = date(2026, 11, 29)
USUAL = Asked(usual(TODAY), None, "month", TODAY, "Europe/Berlin", costs=(Fraction(4, 5),))


def test_which_questions_are_usual() -> None:
    assert question_of(USUAL, "") == "span=year"
    assert question_of(USUAL, "previous") == "span=year&compare=previous"
    assert question_of(USUAL, "year") == ""
    assert question_of(replace(USUAL, granularity="week"), "") == ""
    assert question_of(replace(USUAL, store="main"), "") == ""
    october = Span(date(2026, 10, 1), date(2026, 11, 1))
    assert question_of(replace(USUAL, span=october), "") == "span=last"
    assert said_of("span=last", TODAY) == {"from": "2026-10-01", "until": "2026-11-01"}


def test_other_terms_are_another_basis() -> None:
    offer = Offer("mug", (Way({"1": 50}),))
    others = (
        replace(USUAL, costs=(Fraction(1),)),
        replace(USUAL, offers=(offer,)),
        replace(USUAL, wallet=2),
        replace(USUAL, offers=(Offer("mug", (Way({"1": 50}),), ("gold",)),)),
    )
    assert len({basis_of(one, 1) for one in (USUAL, *others)} | {basis_of(USUAL, 2)}) == 6
    assert basis_of(replace(USUAL, span=Span(TODAY, date(2026, 12, 1))), 1) == basis_of(USUAL, 1)


def test_another_release_is_another_basis() -> None:
    """Whoever mends a bound installs a file that says something else; what an old one told is
    counted anew then."""
    ways = [basis_of(USUAL, 1)]
    with TemporaryDirectory() as folder:
        source = Path(folder)
        for room in ROOMS:
            (source / room).mkdir(parents=True)
        for room, text in (("insight", "LOW = 1"), ("insight", "LOW = 2"), ("engine", "LOW = 2")):
            source.joinpath(room, "shares.py").write_text(text)
            made_of.cache_clear()
            ways += [basis_of(USUAL, 1, source)]
        source.joinpath("engine", "shares.pyc").write_text("of this machine")
        made_of.cache_clear()
        assert basis_of(USUAL, 1, source) == ways[-1]
    assert len(set(ways)) == len(ways)
    assert basis_of(USUAL, 1) == ways[0]


def test_a_program_without_files_trusts_nothing_that_was_told() -> None:
    """In one archive, or of compiled parts only, two releases cannot be told apart."""
    nowhere = Path("/there/is/none.zip")
    assert made_of(nowhere) == basis_of(USUAL, 1, nowhere) == "", "report_of trusts none of it"
    assert basis_of(USUAL, 1) != ""


def test_who_asks_something_else_does_not_wait_for_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are read in a thread of their own, and once."""
    threads = list[int]()
    monkeypatch.setattr(telling, "made_of", lambda _: threads.append(get_ident()))
    asyncio.run(look_once())
    assert len(threads) == 1
    assert threads != [get_ident()]


def test_all_that_reports_are_made_with_is_in_their_basis() -> None:
    """What asking a report loads of this program lies in a room whose files are looked at."""
    loads = "import sys, regulars.surfaces.in_words.reports.asking; print(*sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", loads], capture_output=True, check=True, text=True
    )
    rooms = tuple(f"regulars.{one.replace('/', '.')}" for one in ROOMS)
    mine = [one for one in found.stdout.split() if one.startswith("regulars.")]
    outside = [one for one in mine if not one.startswith(rooms)]
    assert len(mine) > 100
    assert outside == ["regulars.surfaces"]


def test_a_day_is_a_day_again() -> None:
    sheet = Table("flow", columns("from:day", "says:text", "n:count"), ((TODAY, "2026-11-29", 1),))
    report = Report("points", USUAL, (), (), (sheet,), TODAY)
    assert read_again(written(report), "points", USUAL) == report
