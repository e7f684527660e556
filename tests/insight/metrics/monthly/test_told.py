"""A month as it is read: every language, as a page, as PDF, in the console and by API."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any, Final

import msgspec
import pytest
from tests.insight.metrics.books import lay
from tests.insight.metrics.monthly.test_month import NOW, figures, month
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter
from tests.surfaces.ui.test_catalogues import catalogue, places

from regulars.base.faults import Invalid
from regulars.insight.metrics.monthly.month import Around, Month
from regulars.insight.metrics.monthly.steps import STEP_IDS, Step
from regulars.surfaces.in_words.monthly import sentences
from regulars.surfaces.in_words.monthly.asking import month_in, told
from regulars.surfaces.in_words.monthly.paper import html_of, pdf_of
from regulars.surfaces.in_words.monthly.telling import PATHS, Shop, Writer
from regulars.surfaces.in_words.monthly.told import Told
from regulars.surfaces.ui.reader import Reader
from regulars.surfaces.ui.words import LANGUAGES

SHOP: Final = Shop("Café #Sonne* <b>$x$</b> \\ «شمس»", "EUR", "@beans", 0)
AT: Final = datetime(2026, 11, 1, tzinfo=UTC)


def written(language: str, one: Month | None = None, shop: Shop = SHOP) -> Told:
    found = one or month(Around(slipping=3, worth_minor=120), figures(NOW, 40, 20, 40))
    return Writer(Reader(language, "Europe/Berlin"), shop, found).told(AT)


def pages(pdf: bytes) -> int:
    return pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page/")


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_sentence_is_said_with_its_places(language: str) -> None:
    said = catalogue("in_words/monthly", language)
    wanted = {*sentences.all_texts(), *(two[0] for two in sentences.COUNTS)}
    assert said.keys() == wanted
    for text in sentences.all_texts():
        assert places(text) == places(said[text][0]), text


@pytest.mark.parametrize("step", STEP_IDS)
def test_every_thing_to_do_has_its_words_and_a_way(step: Any) -> None:
    one = Writer(Reader(), SHOP, month(Around(), figures(NOW)))._do(Step(step, 3, 2, 9, "a"))
    assert "%(" not in one.why
    assert one.path == PATHS[step]


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_and_pdf_say_the_same_on_one_page(language: str) -> None:
    found = written(language)
    pdf = asyncio.run(pdf_of(found, AT))
    assert pdf.startswith(b"%PDF-")
    assert b"/Count 1" in pdf
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in html_of(found)
    assert asyncio.run(pdf_of(found, AT)) == pdf, "made twice it is the same"


def test_names_are_never_markup() -> None:
    text = html_of(written("en"))
    assert "<b>$x$" not in text
    assert "&lt;b&gt;$x$" in text
    asyncio.run(pdf_of(written("en", shop=SHOP._replace(name="#panic() ]#[")), AT))


def test_where_there_is_nothing_beside_it_says_so_in_words_and_makes_no_number_up() -> None:
    found = written("en", month(Around(), figures(NOW)))
    assert all(one.last == one.year == "–" for one in found.rows)
    assert found.happened[0] == sentences.NOBODY
    shares = [one.now for one in found.rows if one.name in ("Repeat purchase rate",)]
    assert shares == [sentences.NOT_ENOUGH]
    assert any("does not know the whole of it" in one for one in found.means)


@pytest.mark.parametrize("typed", ["2026", "2026-13", "1960-01", "2026-12", "2026-1-", "oktober"])
def test_what_is_no_month_is_said_at_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as wrong:
        month_in(typed, date(2026, 11, 28))
    assert wrong.value.field == "month"


def test_nothing_typed_is_the_month_that_ended_last() -> None:
    assert month_in("", date(2026, 1, 1)) == date(2025, 12, 1)
    assert month_in("2026-11", date(2026, 11, 1)) == date(2026, 11, 1), "it has begun"


@pytest.fixture(scope="module")
def shop(counter: Counter) -> Counter:
    counter.shop.at("2026-06-01 12:00")
    lay(counter)
    return counter


def read(shop: Counter, text: str) -> Told:
    async def look(tx: Any, terms: Any) -> Told:
        return await told(tx, terms, shop.shop.now, text, Reader("en", "Europe/Berlin"))

    found: Told = shop.shop.do(look)
    return found


def test_a_month_comes_to_what_happened_in_it(shop: Counter) -> None:
    """March: A for 5.00, B for 12.00; of A and C, who bought in February, A came again."""
    found = read(shop, "2026-03")
    assert found.happened[0].startswith("2 members bought, 2 times in all, for €17.00")
    assert any("Of 2 members who bought in the month before, 1 bought again" in one
               for one in found.means)  # fmt: skip
    rows = {one.name: one for one in found.rows}
    assert (rows["Members who bought"].now, rows["Members who bought"].last) == ("2", "2")
    assert rows["Net revenue of members"].last == "€50.00"
    may = {one.name: one for one in read(shop, "2026-05").rows}
    second = may["Came again within 90 days, of who first bought in February 2026"]
    assert (second.now, second.year) != (sentences.NOT_ENOUGH, ""), "of May itself nobody had them"
    assert rows["Net revenue of members"].year == "–"
    assert len(found.steps) == 3


def test_the_month_in_which_the_books_begin_is_no_measure(shop: Counter) -> None:
    """The first order is of 10 January, so February has nothing beside it."""
    rows = {one.name: one for one in read(shop, "2026-02").rows}
    assert rows["Members who bought"].last == "–"


def test_the_console_lists_months_opens_one_and_gives_its_pdf(shop: Counter) -> None:
    owner = Browser(shop)
    owner.sign_in(somebody(shop).email)
    text = owner.get("/console/reports/monthly").text
    assert "May 2026" in text
    assert "January 2026" in text
    assert "June 2026" not in text, "it runs"
    page = owner.get("/console/reports/monthly?month=2026-03")
    assert "2 members bought" in page.text
    pdf = owner.get("/console/reports/monthly?month=2026-03&as=pdf")
    assert pdf.headers["content-type"].startswith("application/pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert owner.get("/console/reports/monthly?month=2031-03").status_code == 404


def test_the_content_is_texts_alone(shop: Counter) -> None:
    assert "%(" not in msgspec.json.encode(read(shop, "2026-03")).decode()
