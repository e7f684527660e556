"""A letter that asks for a score has one link for each: looked at they keep nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.flows.terms.experiments.offering import offered
from tests.flows.terms.segments.test_surveys import invites, kept
from tests.makers import Shop
from tests.runtime.working.letters.journeying import Journeying, says
from tests.runtime.working.letters.test_letters_that_look import LETTER, MJML, VALUES
from tests.runtime.working.senders.post_office import PostOffice, Provider, post_office, provider
from tests.runtime.working.senders.test_messages import KEYED, SOURCE

from regulars.flows.telling.surveys.keep_surveys import keep_surveys
from regulars.records.access.members.spelling import invitation_id_of
from regulars.records.outbox.campaigns.mailing import page
from regulars.records.outbox.campaigns.types import Said

_LINK = re.compile(r'href="https://club\.test/card/survey\?link=([a-z0-9-]+)&amp;score=(\d+)"')


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
def told(opened: Shop, world: tuple[PostOffice, Provider]) -> Journeying:
    return Journeying(opened, *world)


@pytest.mark.parametrize(("kind", "scale"), [("nps", range(11)), ("csat", range(1, 6))])
def test_each_score_is_a_link_to_the_members_own_invitation(
    told: Journeying, kind: str, scale: range
) -> None:
    told.shop.ask(keep_surveys, kept("recommend", kind=kind, questions=()))
    asks = "Hi {{ member.given_name }},\nhow was it <really>? {{ survey.link }}"
    told.published(says("ask", asks, survey="recommend"))
    told.shop.now += timedelta(minutes=1)
    told.joins("ada", "bo")
    told.goes_on(seconds=3)
    invited = dict(told.shop.rows(
        "select i.value, s.invitation_id from survey_invitation s "
        "join identifier i using (program_id, member_id) "
        "where program_id = $1 and i.kind = 'email'"
    ))  # fmt: skip
    assert len(invited) == 2
    for mail in told.office.letters:
        text, html = (part.get_content() for part in mail.walk() if not part.is_multipart())
        found = _LINK.findall(html)
        assert [int(score) for _, score in found] == list(scale)
        (link,) = {link for link, _ in found}
        assert invitation_id_of(KEYED, link) == invited[str(mail["To"])]
        assert "&lt;really&gt;" in html
        assert f"link={link}" in text
    assert told.shop.rows("select 1 from survey_answer where program_id = $1") == []


def test_a_segment_is_asked_and_whoever_was_asked_lately_is_spared(told: Journeying) -> None:
    shop = told.shop
    shop.now += timedelta(minutes=1)
    for code in ("recommend", "other"):
        shop.ask(keep_surveys, kept(code, questions=()))
    told.joins("ada", "bo", "cy")
    shop.now += timedelta(minutes=1)
    invites(shop, "cy", "other")
    told.says("bo", "email", "withdrawn")
    asks = {"en": Said("How was it? {{ survey.link }}", "Tell us")}
    assert told.keeps(says=asks).field == "/says/en/text", "no survey, no link to it"
    assert told.keeps(says=asks, survey="none").field == "/survey"
    told.released(says=asks, survey="recommend")
    for _ in range(2):
        told.goes()
    assert told.kept() == [
        ("ada", "sent", ""), ("bo", "skipped", "no_consent"), ("cy", "skipped", "spared"),
    ]  # fmt: skip
    assert shop.rows(_ASKED) == [("ada", "recommend"), ("cy", "other")], "in that moment"
    (mail,) = told.office.letters
    text, html = (part.get_content() for part in mail.walk() if not part.is_multipart())
    found = _LINK.findall(html)
    assert [int(score) for _, score in found] == list(range(11))
    assert found[0][0] in text
    told.keeps("late", says=asks, survey="recommend")
    told.steps("check", "late")
    shop.ask(keep_surveys, kept("recommend", questions=(), state="closed"))
    assert told.steps("approve", "late").field == "/survey"


def test_nobody_counts_as_asked_who_gets_no_letter(told: Journeying) -> None:
    shop = told.shop
    shop.ask(keep_surveys, kept("recommend", questions=()))
    offered(shop, "few", most=1)
    told.joins("ada", "bo")
    shop.now += timedelta(minutes=1)
    asks, plain = ({"en": Said(text, "Us")} for text in ("{{ survey.link }}", "Hi"))
    wrong = told.keeps(says=asks, variants=(plain,), survey="recommend")
    assert wrong.field == "/variants/0/says/en/text", "it asks and says nowhere where"
    told.released(says=asks, survey="recommend", offers=("few",))
    for _ in range(2):
        told.goes()
    assert sorted(one[1:] for one in told.kept()) == [("sent", ""), ("skipped", "no_offer")]
    assert len(shop.rows(_ASKED)) == 1
    told.released("later", says=asks, survey="recommend")
    shop.ask(keep_surveys, kept("recommend", questions=(), state="closed"))
    for _ in range(2):
        told.goes()
    assert {one[1:] for one in told.kept("later")} == {("skipped", "closed")}


_ASKED = """
select i.value, s.code from survey_invitation v join survey s using (program_id, survey_id)
  join identifier i on i.program_id = v.program_id and i.member_id = v.member_id
   and i.kind = 'external' where v.program_id = $1 order by 1
"""


def test_scores_stand_below_what_a_shop_painted_too() -> None:
    letter = LETTER | {"survey": "https://club.test/card/survey?link=a"}
    html = page(MJML, "en", VALUES, letter, (0, 10))
    assert html.index("Your card") < html.index("score=0") < html.index("score=10")
    assert html.index("score=10") < html.index(LETTER["stop"])
