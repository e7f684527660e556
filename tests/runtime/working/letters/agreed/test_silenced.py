"""Who is unsubscribed is not written to by any path, however they said so, and when."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.makers import Shop, buys, by
from tests.runtime.working.letters.campaigning import Campaigning
from tests.runtime.working.senders.post_office import PostOffice, Provider, post_office, provider
from tests.runtime.working.senders.test_messages import KEYED, SOURCE

from regulars.flows.inlets.hear_texts import HearText, hear_texts
from regulars.flows.telling.choose_messages import ChooseMessages, choose_messages
from regulars.flows.telling.keep_bounces import NoteBounce, note_bounces
from regulars.flows.telling.said.marking import mark_addresses
from regulars.flows.telling.say_consents import SayConsent, say_consents
from regulars.records.outbox.bounces.types import Bounce
from regulars.records.outbox.campaigns.types import Instead, Said
from regulars.records.outbox.delivery.types import address_digest
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.messages import Teller
from regulars.surfaces.senders.sms.http import SmsProvider, SmsSender

TEXT = {"en": Said("Hi {{ member.given_name }}")}
_PHONE = """
select i.value from identifier i join identifier e using (program_id, member_id)
 where i.program_id = $1 and e.value = $2 and i.kind = 'phone'
"""


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
    made = Campaigning(opened, *world)
    notices(made)  # the first look only notes where to begin
    made.joins("ada", "bo")
    for kind in ("earned", "redeemed", "notice"):
        made.shop.ask(choose_messages, ChooseMessages(kind, "sms", None))  # type: ignore[arg-type]
    return made


def notices(told: Campaigning) -> None:
    database = told.shop.database
    teller = Teller(database, Programs(database), told.carriers, KEYED, "https://club.test")
    told.shop.run(teller.tell(told.shop.program_id))


def phone(told: Campaigning, name: str) -> str:
    return str(told.shop.rows(_PHONE, name)[0][0])


def by_text(told: Campaigning) -> None:
    wish = HearText(uuid4(), phone(told, "ada"), "STOP")
    told.shop.do(lambda tx, terms: hear_texts(tx, terms, KEYED, [wish]))


def on_their_card(told: Campaigning) -> None:
    wish = SayConsent(told.id_of("ada"), "sms", "withdrawn", "their card")
    told.shop.do(lambda tx, _: say_consents(tx, [wish]))


def at_the_counter(told: Campaigning) -> None:
    told.says("ada", "sms", "withdrawn")


def by_complaint(told: Campaigning) -> None:
    address = address_digest(KEYED, "sms", phone(told, "ada"))
    bounce = Bounce(address, told.id_of("ada"), "21610", told.shop.now, "complaint")
    told.shop.do(lambda tx, _: mark_addresses(tx, [bounce], "sms"))


def twilio(told: Campaigning) -> SmsSender:
    return SmsSender(SmsProvider("twilio", told.sms.url, "AC1", "t", "+15005550006"), patience_s=5)


STOPPED = (400, '{"code": 21610, "message": "Attempt to send to unsubscribed recipient"}')


def at_the_provider(told: Campaigning) -> None:
    """They answered STOP to Twilio, which says so of the next message to them."""
    told.shop.record(buys(by(external="ada"), 3000))
    told.sms.answers.append(STOPPED)
    carriers, told.carriers = told.carriers, (twilio(told),)
    notices(told)
    told.carriers = carriers
    told.sms.asked.clear()


WAYS = (by_text, on_their_card, at_the_counter, by_complaint)


def everything_is_sent(told: Campaigning, code: str) -> None:
    """All that may send anything has its turn: campaigns, and letters of what happened."""
    if told.shop.rows("select 1 from campaign where program_id = $1 and code = $2", code) == []:
        told.released(code, channel="sms", says=TEXT)
    told.shop.record(*[buys(by(external=name), 3000) for name in ("ada", "bo")])
    told.goes()
    notices(told)


def asked_for(told: Campaigning, name: str) -> int:
    number = phone(told, name)
    return sum(number[1:] in one["body"] for one in told.sms.asked)


@pytest.mark.parametrize("way", [*WAYS, at_the_provider])
def test_nothing_more_goes_out_by_any_path(
    told: Campaigning, way: Callable[[Campaigning], None]
) -> None:
    told.shop.now += timedelta(minutes=1)
    way(told)
    told.shop.now += timedelta(minutes=1)
    everything_is_sent(told, "spring")
    assert asked_for(told, "ada") == 0, way.__name__
    assert asked_for(told, "bo") == 2, "a campaign, and of points"
    assert ("ada", "skipped", "no_consent") in told.kept()


@pytest.mark.parametrize("way", WAYS)
def test_nor_what_waited_for_a_provider_meanwhile(
    told: Campaigning, way: Callable[[Campaigning], None]
) -> None:
    told.sms.answers += [(503, "")] * 20
    everything_is_sent(told, "spring")
    told.sms.asked.clear()
    told.sms.answers.clear()
    told.shop.now += timedelta(hours=1)
    way(told)
    told.shop.now += timedelta(hours=1)
    told.goes()
    notices(told)
    assert asked_for(told, "ada") == 0, way.__name__
    assert asked_for(told, "bo") == 2


def test_a_provider_that_is_away_for_ten_hours_costs_nobody_their_message(
    told: Campaigning,
) -> None:
    away = SmsProvider("http", "http://127.0.0.1:1/", "", "t", "Corner")
    told.released(channel="sms", says=TEXT)
    for _ in range(20):
        told.goes(SmsSender(away, patience_s=1))
        assert {state for _, state, _ in told.kept()} == {"waiting"}
        told.shop.now += timedelta(minutes=30)
    told.shop.now += timedelta(hours=12)  # nobody is written to at night
    told.goes()
    assert {state for _, state, _ in told.kept()} == {"sent"}
    assert (asked_for(told, "ada"), asked_for(told, "bo")) == (1, 1)


@pytest.mark.parametrize(
    ("code", "word", "why"), [(21610, "withdrawn", "no_consent"), (21614, "given", "bounced")]
)
def test_whom_twilio_refuses_at_once_is_reached_by_letter_and_by_text_no_more(
    told: Campaigning, code: int, word: str, why: str
) -> None:
    told.shop.now += timedelta(minutes=1)
    answer = (400, json.dumps({"code": code, "message": "no"}))
    told.sms.answers += [answer, answer]
    told.released("one", channel="sms", says=TEXT)
    letter = Instead("email", {"en": Said("Hi", "Hi")})
    told.goes(told.mail, twilio(told))
    assert told.kept("one") == [("ada", "skipped", why), ("bo", "skipped", why)]
    said = """select distinct on (member_id) state from consent
               where program_id = $1 and channel = 'sms' order by member_id, changed_at desc"""
    assert told.shop.rows(said) == [(word,), (word,)]
    told.shop.now += timedelta(hours=1)
    asked = len(told.sms.asked)
    told.released("two", channel="sms", says=TEXT, instead=(letter,))
    told.goes(told.mail, twilio(told))
    assert (told.to(), len(told.sms.asked)) == (["ada@example.org", "bo@example.org"], asked)


def test_whom_twilio_refuses_at_once_gets_the_letter_of_the_same_campaign(
    told: Campaigning,
) -> None:
    told.shop.now += timedelta(minutes=1)
    told.sms.answers.append(STOPPED)
    letter = Instead("email", {"en": Said("Hi", "Hi")})
    told.released("one", channel="sms", says=TEXT, instead=(letter,))
    told.goes(told.mail, twilio(told))
    told.shop.now += timedelta(minutes=1)
    told.goes(told.mail, twilio(told))
    assert (len(told.to()), len(told.sms.asked)) == (1, 2)
    assert told.kept("one") == [("ada", "sent", ""), ("bo", "sent", "")]


def test_a_letter_of_a_campaign_that_comes_back_marks_its_address_once(told: Campaigning) -> None:
    told.released(says={"en": Said("Hi", "Hi")})
    told.goes()
    ids = "select message_id from campaign_message where program_id = $1 and member_id = $2"
    ((message_id,),) = told.shop.rows(ids, told.id_of("ada"))
    note = NoteBounce(message_id, "5.1.1 nobody there")
    for _ in range(3):
        told.shop.do(lambda tx, _: note_bounces(tx, [note, note]))
    marks = "select kind, times from bounced_address where program_id = $1"
    assert told.shop.rows(marks) == [("hard", 1)]
