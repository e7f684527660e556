"""Numbers, money, days and counts as people of each language read them."""

from datetime import UTC, datetime

import pytest
from markupsafe import Markup

from regulars.surfaces.languages.voices import voice_for
from regulars.surfaces.ui.paper import saying, saying_many
from regulars.surfaces.ui.reader import Reader, language_of
from regulars.surfaces.ui.words import PSEUDO, pseudo, sentences

AT = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)


def test_money_and_numbers_are_written_as_read_there() -> None:
    assert Reader("en").money(123456, "EUR") == "€1,234.56"
    assert Reader("de").money(123456, "EUR") == "1.234,56\xa0€"
    assert Reader("tr").money(123456, "TRY") == "₺1.234,56"
    assert Reader("en").money(1250, "JPY") == "JP¥1,250"
    assert Reader("de").quantity(1250, 2) == "12,5"
    assert Reader("en").signed(-1250) == "−1,250"
    assert Reader("en").signed(0) == "0"
    assert Reader("en").signed_money(-1250, "EUR") == "−€12.50"
    assert Reader("en").signed_money(0, "EUR") == "€0.00"
    assert Reader("ar").signed_money(320, "EUR").startswith("\u200e+"), "a sign has no direction"
    assert Reader("en").share(1, 0) == "0%"


def test_a_currency_is_called_as_people_there_call_it() -> None:
    assert Reader("en").currency("USD") == "US Dollar (USD)"
    assert Reader("de").currency("USD") == "US-Dollar (USD)"
    assert Reader(PSEUDO).currency("USD") == "US Dollar (USD)"


def test_a_day_is_the_one_on_the_shops_wall() -> None:
    assert Reader("en", "UTC").day(AT) == "27 Nov 2026"
    assert Reader("en", "Europe/Istanbul").day(AT) == "28 Nov 2026"
    assert Reader("de", "Europe/Berlin").long_day(AT) == "28. November 2026"
    assert Reader("en", "Europe/Berlin").clock(AT) == "00:30"
    assert Reader("en", "Europe/Berlin").meeting(AT) == "Sat, 28 Nov 2026, 00:30"
    assert Reader("ar", "Europe/Berlin").meeting(AT) == "السبت، 28 نوفمبر 2026، 12:30 ص"
    assert Reader("en", "Europe/Berlin").instant(AT).endswith("CET")
    assert Reader("en").ago(AT, AT) == "just now"
    assert Reader("en").ago(datetime(2026, 11, 24, tzinfo=UTC), AT) == "4 days ago"


@pytest.mark.parametrize(
    ("query", "cookies", "accepts", "spoken"),
    [
        ({"lang": "de"}, {"lang": "tr"}, "ar", "de"),
        ({"lang": "xx"}, {"lang": "tr"}, "ar", "tr"),
        ({}, {}, "ar-EG,ar;q=0.9,en;q=0.5", "ar"),
        ({}, {}, "fr-FR", "tr"),
        ({}, {}, None, "tr"),
        ({"lang": PSEUDO}, {}, None, PSEUDO),
    ],
)
def test_what_was_asked_for_comes_before_what_the_browser_likes(
    query: dict[str, str], cookies: dict[str, str], accepts: str | None, spoken: str
) -> None:
    assert language_of(query, cookies, accepts, "tr-TR") == spoken


def test_arabic_runs_from_right_to_left() -> None:
    assert Reader("ar").direction == "rtl"
    assert Reader("de").direction == "ltr"


def test_the_pseudo_language_keeps_places_and_needs_more_room() -> None:
    said = pseudo("Hi %(name)s, 100%% <b>yours</b>")
    assert "%(name)s" in said
    assert "%%" in said
    assert "<b>" in said
    assert len(said) > len("Hi %(name)s, 100%% <b>yours</b>")
    assert Reader(PSEUDO).say("Hi %(name)s", name="Ada").startswith("⟦Hî Ada")


def test_what_is_put_into_a_sentence_stays_text() -> None:
    assert str(saying(Reader())("Hello %(name)s", name="<b>")) == "Hello &lt;b&gt;"
    many = saying_many(Reader())("%(n)s of %(name)s", "%(n)s of %(name)s", 1200, name="<b>")
    assert str(many) == "1,200 of &lt;b&gt;"


def test_a_sentence_of_somebody_else_is_text() -> None:
    heading = "sales.csv has no column <a hx-get=\"/x\" title='y'>"
    for said in (saying(Reader("de"))(heading), saying_many(Reader("de"))(heading, heading, 2)):
        assert not set("<>\"'") & set(str(said))
    assert "What's new?" not in sentences()
    ours = next(one for one in sorted(sentences()) if "'" in one or '"' in one)
    assert saying(Reader("en"))(ours) == Markup(ours)


def test_what_is_below_nothing_keeps_its_sign_before_it_in_arabic() -> None:
    """A minus has no direction of its own: tables in Arabic said 120-."""
    arabic = Reader("ar")
    assert arabic.number(-120) == "\u200e-120"
    assert arabic.share(-1, 10) == "\u200e-10%"
    assert arabic.fine_share(-1, 10) == "\u200e-10.0%"
    assert arabic.money(-120, "EUR") == "\u200f\u200e-1.20\xa0€"
    assert voice_for("ar").number("-120") == "\u200e-120"
    assert (Reader("de").number(-120), Reader("ar").number(120)) == ("-120", "120")
