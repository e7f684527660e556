"""The result page says what was counted and needs nothing but itself."""

import re
from datetime import date
from html.parser import HTMLParser

import pytest

from regulars.surfaces.connect.retail.matching import Why
from regulars.surfaces.connect.retail.page import result_page
from regulars.surfaces.connect.retail.show import Ran, headline
from regulars.surfaces.connect.retail.tally import ParkedTotal, RuleTotal, TopMember, Totals

RAN = Ran("lines.parquet", {"reading": 0.5}, 1_234, replayed=0, checks=48, violations=0)


@pytest.fixture
def totals() -> Totals:
    """A small shop with something in every table."""
    return Totals(
        program="Gifts & Sons",
        currency="GBP",
        first_on=date(2010, 12, 1),
        last_on=date(2011, 12, 9),
        lines=541_909,
        nobody_lines=135_080,
        free_lines=3,
        rounded_lines=4,
        members=2,
        earned=1_200,
        taken_back=200,
        sold_minor=123_456,
        tiers={"no tier yet": 1, "Gold": 1},
        rules=[RuleTotal("a", "1 point <each> pound", 12, 1_200, 200)],
        parked=[ParkedTotal(Why.OTHER_PRICE, Why.OTHER_PRICE.says, 1, ["1 × CUP <RED> at 2.5"])],
        top=[TopMember("17850", 1_000, "Gold", 123_456)],
    )


def test_the_page_shows_every_table_with_its_numbers(totals):
    page = result_page(totals, RAN)
    for said in ("541,909", "135,080", "£1,234.56", "17850", "Gold", "Gifts &amp; Sons"):
        assert said in page, said
    assert "1 point &lt;each&gt; pound" in page
    assert "CUP &lt;RED&gt;" in page


def test_the_page_needs_no_other_resource(totals):
    page = result_page(totals, RAN)
    assert not re.search(r"(src|href)=\"(?!#)|url\(|@import|<script", page)
    assert "default-src 'none'" in page


def test_every_table_has_a_caption_and_scoped_headings(totals):
    class Counting(HTMLParser):
        seen: list[tuple[str, dict[str, str | None]]]

        def handle_starttag(self, tag, attrs):
            self.seen.append((tag, dict(attrs)))

    counting = Counting()
    counting.seen = []
    counting.feed(result_page(totals, RAN))
    tags = [tag for tag, _ in counting.seen]
    assert tags.count("table") == tags.count("caption") == tags.count("h2") > 5
    assert all(attrs.get("scope") for tag, attrs in counting.seen if tag == "th")


def test_what_is_wrong_is_said_in_words(totals):
    assert "nothing is wrong" in result_page(totals, RAN)
    wrong = Ran("lines.parquet", {}, 0, replayed=0, checks=48, violations=3)
    assert "Something is wrong" in result_page(totals, wrong)
    assert "wrong in 3 places" in headline(totals, wrong)
    totals.refused = {"key_reused: …": 2}
    assert "2 activities were refused" in headline(totals, RAN)
    assert "key_reused" in result_page(totals, RAN)
