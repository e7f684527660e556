"""Letters written in MJML: what is wrong is refused at its place, and what arrives is whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import Shop
from tests.runtime.working.letters.campaigning import Campaigning
from tests.runtime.working.senders.post_office import PostOffice, Provider, post_office, provider
from tests.runtime.working.senders.test_messages import SOURCE

from regulars.base.faults import Invalid
from regulars.records.outbox.campaigns.mailing import page, wrong_with_page
from regulars.records.outbox.campaigns.types import Campaign, Said
from regulars.records.outbox.campaigns.writing import LARGEST_PAGE

MJML = """<mj-section><mj-column>
<mj-image src="https://shop.example/tea.png" alt="Tea" />
<mj-text><h1>Hi {{ member.given_name }}</h1>
<p>You have {{ points.points }} points{% if points.points < 30 %}, some to a tea{% endif %}.</p>
</mj-text>
{% if member.tier != '' %}<mj-text>You are {{ member.tier }}.</mj-text>{% endif %}
<mj-button href="{{ shop.card }}">Your card</mj-button></mj-column></mj-section>"""
VALUES: dict[str, dict[str, Any]] = {
    "member": {"given_name": "<b>Ada</b> & Co", "family_name": "", "number": "1", "tier": ""},
    "points": {"points": 7},
    "shop": {"name": "Corner", "card": 'https://club.test/card?a=1&b="'},
}
LETTER = {"preview": "A tea <3", "below": "Why it came", "stop": "https://club.test/stop?link=1"}


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[PostOffice, Provider]]:
    with post_office() as office, provider() as sms:
        yield office, sms


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


@pytest.fixture
def told(opened: Shop, world: tuple[PostOffice, Provider]) -> Campaigning:
    return Campaigning(opened, *world)


def test_what_arrives_has_text_and_looks_and_ends_by_one_click(told: Campaigning) -> None:
    told.joins("ada")
    says = {"en": Said("Hi {{ member.given_name }}", "Spring", "A free tea", MJML)}
    told.released(says=says)
    told.goes()
    (mail,) = told.office.letters
    text, html = (part.get_content() for part in mail.walk() if not part.is_multipart())
    assert text.startswith("Hi Ada")
    assert "Hi Ada" in html
    assert "A free tea" in html
    assert "some to a tea" in html
    assert "You are" not in html, "on no tier"
    link = str(mail["List-Unsubscribe"]).strip("<>")
    assert link in text
    assert link in html
    assert str(mail["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"


def test_what_a_field_is_stays_text_and_nothing_is_fetched() -> None:
    html = page(MJML, "en", VALUES, LETTER)
    assert "&lt;b&gt;Ada&lt;/b&gt; &amp; Co" in html
    assert "A tea &lt;3" in html
    assert "card?a=1&amp;b=&#34;" in html
    assert "fonts.g" not in html
    assert "@import" not in html
    assert html.count(LETTER["stop"]) == 2


def test_arabic_is_written_from_the_right_and_marks_above_letters_stay() -> None:
    mjml = MJML.replace('alt="Tea"', 'alt="شايٌ"').replace("Your card", "بطاقتك")
    assert wrong_with_page(mjml) is None
    html = page(mjml, "ar", VALUES, LETTER)
    assert 'dir="rtl"' in html
    assert "شايٌ" in html
    assert "\\u{" not in html


@pytest.mark.parametrize(
    ("mjml", "line", "sign", "says"),
    [
        ("hello", 1, 1, "outside of a section"),
        ("<mj-text>x</mj-text>", 1, 1, "stands in no section"),
        ("<mj-section>\n<script>x</script></mj-section>", 2, 1, "<script> is not used"),
        ("<mj-section><mj-raw>x</mj-raw></mj-section>", 1, 13, "<mj-raw> is not used"),
        ("<mj-section><mj-include path='/etc/passwd' /></mj-section>", 1, 13, "<mj-include>"),
        ("<mj-section><!-- x --></mj-section>", 1, 13, "a comment"),
        ("<mj-section onclick='x'></mj-section>", 1, 1, "onclick"),
        ("<mj-section><mj-column></mj-section>", 1, 24, "closes nothing"),
        ("<mj-section><mj-column>", 1, 24, "not closed"),
        ("</mj-body></mjml>", 1, 1, "closes nothing"),
        (MJML.replace("https:", "javascript:"), 2, 1, "leads to no page"),
        (MJML.replace("https:", "data:text/html,"), 2, 1, "leads to no page"),
        ("<mj-section>\ua001</mj-section>", 1, 13, "cannot be used"),
        ("<mj-section width='{{ points.points }}'></mj-section>", 1, 1, "keeps nothing"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(mjml: str, line: int, sign: int, says: str) -> None:
    wrong = wrong_with_page(mjml)
    assert wrong is not None
    assert says in wrong.says, wrong
    assert (wrong.line, wrong.sign) == (line, sign)


def test_a_letter_that_is_too_large_is_refused() -> None:
    many = "<mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section>" * 280
    assert len(many) < 20_000
    wrong = wrong_with_page(many)
    assert wrong is not None
    assert str(LARGEST_PAGE) in wrong.says


def test_an_unknown_field_is_refused_at_its_place_when_it_is_kept(told: Campaigning) -> None:
    told.joins("ada")
    for mjml, field in ((MJML.replace("member.tier", "member.rank"), "member.rank"),):
        no = told.keeps(says={"en": Said("Hi", "Hi", "", mjml)})
        assert isinstance(no, Invalid)
        assert no.field == "/says/en/mjml"
        assert field in no.says
    assert isinstance(told.keeps(says={"en": Said("Hi", "Hi", "", MJML)}), Campaign)
    no = told.keeps("other", channel="sms", says={"en": Said("Hi", mjml=MJML)})
    assert isinstance(no, Invalid)
    assert no.field == "/says/en/mjml"
