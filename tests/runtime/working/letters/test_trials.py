"""A test goes to whoever writes a campaign, says so, and counts nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from tests.makers import Shop, by
from tests.runtime.working.letters.campaigning import MIA, Campaigning
from tests.runtime.working.letters.test_campaigns import Dying
from tests.runtime.working.letters.test_letters_that_look import MJML
from tests.runtime.working.senders.post_office import PostOffice, Provider, post_office, provider
from tests.runtime.working.senders.test_messages import KEYED, SOURCE, Killed
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import BlockMember
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.telling.campaigns.journeys.commands import KeepJourney
from regulars.flows.telling.campaigns.journeys.keep_journeys import keep_journeys
from regulars.flows.telling.campaigns.try_campaigns import CLOSED, UNPROVED
from regulars.records.members.types import EraseMember, Identifier, JoinMember
from regulars.records.outbox.campaigns.journeys.types import JourneyPlan, MessageStep, OnJoining
from regulars.records.outbox.campaigns.types import Campaign, Said
from regulars.records.outbox.delivery.rules import LEASE
from regulars.records.outbox.delivery.types import address_digest

PHONE = "+4915112345678"
_TRIALS = "select state, reason, member_id is null from campaign_trial where program_id = $1"


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[PostOffice, Provider]]:
    with post_office() as office, provider() as sms:
        yield office, sms


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


PROVED = """
insert into sign_in_code (program_id, code_id, member_id, purpose, address, recorded_at, used_at)
values ($1, gen_random_uuid(), $2, 'sign_in', $3, $4, $4) returning 1
"""
_LYING = """
select about, says, campaign_id = message_id, read_at is null from card_letter
 where program_id = $1 and member_id = $2
"""


@pytest.fixture
def told(opened: Shop, world: tuple[PostOffice, Provider]) -> Campaigning:
    made = Campaigning(opened, *world)
    made.joins("ada", agrees=False)
    made.keeps(says={"en": Said("Hi {{ member.given_name }}", "Spring", "Soon", MJML)})
    return made


def writer(told: Campaigning, role: str = "marketer", **more: Any) -> tuple[Browser, str]:
    counter = Counter(told.shop, ticks=lambda: told.shop.now.timestamp())  # noqa: PLW0108
    mia, who = Browser(counter), somebody(counter, role, **more)
    mia.sign_in(who.email)
    return mia, who.email


def asks(mia: Browser, as_: str = "ada@example.org", code: str = "spring") -> Any:
    return mia.post(f"/console/campaigns/{code}", {"does": "try", "as": as_})


def test_it_goes_to_who_asked_and_says_that_it_is_one(told: Campaigning) -> None:
    mia, address = writer(told)
    assert asks(mia).status_code == 303
    told.goes()
    (mail,) = told.office.letters
    assert told.to() == [address]
    assert str(mail["Subject"]) == "Test: Spring"
    assert mail["List-Unsubscribe"] is None
    text, html = (part.get_content() for part in mail.walk() if not part.is_multipart())
    assert "Hi Ada" in text
    assert "This is a test" in text
    assert "This is a test" in html
    assert told.shop.rows(_TRIALS) == [("sent", "", True)]
    assert told.kept() == [], "no member was written to, and nothing is counted"
    assert "Send it to me as a test" in mia.get("/console/campaigns/spring?as=ada@example.org").text
    told.goes()
    assert len(told.office.letters) == 1


def test_what_becomes_of_it_is_said_and_it_is_not_tried_again(told: Campaigning) -> None:
    mia, _ = writer(told)
    asks(mia)
    told.office.answers = ["550 no such user"]
    told.goes()
    ((state, reason, gone),) = told.shop.rows(_TRIALS)
    assert (state, gone) == ("failed", True)
    assert "550" in reason
    assert "not sent" in mia.get("/console/campaigns/spring").text
    asks(mia)
    with pytest.raises(Killed):
        told.goes(Dying(told.mail))
    told.shop.now += LEASE + timedelta(seconds=1)
    told.goes()
    assert sorted(state for state, *_ in told.shop.rows(_TRIALS)) == ["failed", "unsure"]


def test_who_may_not_write_gets_none_and_nobody_gets_many(told: Campaigning) -> None:
    mia, _ = writer(told, "cashier")
    assert asks(mia).status_code == 403
    otto, _ = writer(told)
    assert "nobody" in asks(otto, "nobody@example.org").text.lower()
    for _ in range(30):
        assert asks(otto).status_code == 303
    assert asks(otto).status_code == 422
    assert len(told.shop.rows(_TRIALS)) == 30


def test_as_whom_it_was_to_be_written_goes_with_them(told: Campaigning) -> None:
    mia, _ = writer(told)
    asks(mia)
    who = told.id_of("ada")
    told.shop.do(lambda tx, terms: erase_members(tx, terms, [EraseMember(who)]))
    assert told.shop.rows(_TRIALS) == []
    told.goes()
    assert told.office.envelopes == []


def test_a_letter_of_a_journey_is_looked_at_and_tried_before_it_is_published(
    told: Campaigning,
) -> None:
    says = {"en": Said("Hi {{ member.given_name }}: {{ shop.card }}", "Welcome", "Soon", MJML)}
    other = {"en": Said("Hi", "Welcome", "Soon", MJML.replace("Hi", "Dear"))}
    plan = JourneyPlan(OnJoining(), (
        MessageStep("hello", "email", says, variants=(other,)),
        MessageStep("short", "sms", {"en": Said("Hi")}),
    ))  # fmt: skip
    assert told.shop.ask(keep_journeys, KeepJourney("hi", "Hi", plan, MIA))[0].code == "hi"
    mia, address = writer(told)
    page = "/console/journeys/hi"
    seen = mia.get(f"{page}?as=ada@example.org").text.partition('id="looks"')[2]
    assert [seen.count(f'value="try:{one}"') for one in ("hello", "short")] == [1, 1]
    letters = [unescape(one) for one in re.findall(r'href="([^"]+/letter[?][^"]+)"', seen)]
    looks = [mia.get(one) for one in letters]
    assert [(one.status_code, "Hi Ada" in one.text, "Dear Ada" in one.text) for one in looks] == [
        (200, True, False), (200, False, True),
    ]  # fmt: skip
    assert mia.get(f"{page}/letter?as=ada@example.org&in=en&step=no").status_code == 404
    form = {"as": "ada@example.org", "does": "try:hello"}
    assert mia.post(page, form | {"does": "try:short"}).status_code == 422, "she is no member"
    assert mia.post(page, form | {"does": "try:no"}).status_code == 422
    assert mia.post(page, form).status_code == 303
    told.goes()
    (mail,) = told.office.letters
    assert (told.to(), str(mail["Subject"])) == ([address], "Test: Welcome")
    assert told.shop.rows(_TRIALS) == [("sent", "", True)]
    assert told.shop.rows("select 1 from campaign_message where program_id = $1") == []
    assert "Test <span" in mia.get(f"{page}?as=ada@example.org").text


@pytest.mark.parametrize("channel", ["sms", "inbox"])
def test_a_text_message_and_one_in_the_card_go_to_ones_own_membership_alone(
    told: Campaigning, channel: Any
) -> None:
    """Not to whoever joined under that address: it tells what another member is told."""
    said = Said("Hi {{ member.given_name }}", "Spring" if channel == "inbox" else "")
    assert isinstance(told.keeps("short", channel=channel, says={"en": said}), Campaign)
    mia, address = writer(told, email=f"mia-{channel}@example.org")
    page = mia.get("/console/campaigns/short?as=ada@example.org").text
    assert "of your own membership" in page
    no = asks(mia, code="short")
    assert (no.status_code, "your own" in no.text) == (422, True), "she is no member"
    ids = (Identifier("external", "mia"), Identifier("email", address), Identifier("phone", PHONE))
    told.shop.join(JoinMember(ids, given_name="Mia"))
    assert asks(mia, code="short").status_code == 303
    told.goes()
    assert told.shop.rows(_TRIALS) == [("failed", UNPROVED, True)]
    assert "nobody signed in to your own card" in mia.get("/console/campaigns/short").text
    me = told.id_of("mia")
    for way, where in (("email", address), ("sms", PHONE)):
        digest = address_digest(KEYED, way, where)  # type: ignore[arg-type]
        told.shop.rows(PROVED, me, digest, told.shop.now)
    assert asks(mia, code="short").status_code == 303
    told.goes()
    assert ("sent", "", True) in told.shop.rows(_TRIALS)
    assert told.office.envelopes == []
    if channel == "sms":
        (one,) = told.sms.asked
        assert PHONE in one["body"].replace("%2B", "+")
        assert "This+is+a+test" in one["body"].replace(" ", "+")
    else:
        ((about, says, of_none, fresh),) = told.shop.rows(_LYING, me)
        assert (about, of_none, fresh) == ("Test: Spring", True, True)
        assert says == "Hi Ada\n\nThis is a test. It went to you alone and is counted nowhere."
        assert told.shop.rows(_LYING, told.id_of("ada")) == []
        told.shop.ask(block_members, BlockMember(by(id=me), True, "lost", "the house"))
        assert asks(mia, code="short").status_code == 303
        told.goes()
        assert ("failed", CLOSED, True) in told.shop.rows(_TRIALS), "laid nowhere, and not sent"
        assert len(told.shop.rows(_LYING, me)) == 1
    assert told.kept("short") == [], "no member was written to, and nothing is counted"
    told.says("mia", channel, "withdrawn")
    assert asks(mia, code="short").status_code == 303
    told.goes()
    assert told.shop.rows(_TRIALS).count(("failed", UNPROVED, True)) == 2, "who said STOP"
