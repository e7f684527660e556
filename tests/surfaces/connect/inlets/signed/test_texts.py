"""Members write STOP, START and HELP: it is heard at once, answered once, and tells nobody who is
a member."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.surfaces.connect.inlets.sender import Sender
from tests.surfaces.connect.inlets.signed.test_twilio import (
    MAPPING,
    joins,
    post,
    signing,
)
from tests.surfaces.connect.inlets.test_letters import POSTMARK, tell
from tests.surfaces.counter import Counter

from regulars.flows.telling.say_consents import SayConsent, say_consents
from regulars.records.members.consents.texts.rules import meant
from regulars.records.members.types import Identifier, JoinMember

NOBODYS = "+4915799999999"
_WORDS = """
select c.state, c.source from consent c join identifier i using (program_id, member_id)
 where program_id = $1 and i.kind = 'phone' and i.value = $2 and c.channel = 'sms'
 order by c.changed_at
"""
_HEARD = "select count(*) from text_heard where program_id = $1"


@pytest.fixture
def twilio(counter: Counter) -> Sender:
    return Sender(signing(counter), MAPPING, "letters")


@pytest.fixture
def plain(counter: Counter) -> Sender:
    """Somebody who sends JSON with the secret itself."""
    return Sender(counter, POSTMARK, "letters")


def texts(sender: Sender, phone: str, words: str, **more: str) -> httpx.Response:
    """A text message as Twilio hands it over."""
    sender.counter.__dict__.setdefault("texts", 0)
    sender.counter.__dict__["texts"] += 1
    fields = {
        "MessageSid": f"SM{sender.mark}{sender.counter.__dict__['texts']}",
        "From": phone,
        "To": "+15005550006",
        "Body": words,
    } | more
    host = str(sender.counter.client.base_url.host)
    own, sender.address = sender.address, f"{sender.address}/texts"
    try:
        return post(sender, fields, at=f"https://{host}{sender.address}")
    finally:
        sender.address = own


def says(sender: Sender, phone: str, state: str) -> None:
    """The member says so on their card."""
    ((who,),) = sender.shop.rows(
        "select member_id from identifier where program_id = $1 and value = $2", phone
    )

    async def say(tx: Any, _: Any) -> Any:
        told = SayConsent(who, "sms", state, "their card")  # type: ignore[arg-type]
        return await say_consents(tx, [told])

    sender.shop.do(say)
    sender.later(minutes=1)


def words(sender: Sender, phone: str) -> list[str]:
    return [state for state, _ in sender.shop.rows(_WORDS, phone)]


def test_stop_ends_it_at_once_and_is_answered_once(twilio: Sender) -> None:
    phone = joins(twilio)
    says(twilio, phone, "given")
    first = texts(twilio, phone, " Stop. ", MessageSid="SM7")
    assert first.status_code == 200
    assert first.headers["content-type"].startswith("text/xml")
    assert "<Message>" in first.text
    assert "START" in first.text
    assert words(twilio, phone) == ["given", "withdrawn"]
    for sid in ("SM7", "SM7", "SM8"):
        again = texts(twilio, phone, " Stop. ", MessageSid=sid)
        assert again.text.endswith("<Response></Response>")
    assert words(twilio, phone) == ["given", "withdrawn"]
    assert twilio.shop.rows(_WORDS, phone)[-1] == ("withdrawn", "a text message")
    twilio.later(minutes=1)
    texts(twilio, phone, "START")
    twilio.later(minutes=1)
    late = texts(twilio, phone, " Stop. ", MessageSid="SM7")
    assert late.text.endswith("<Response></Response>")
    assert words(twilio, phone)[-1] == "given", (
        "told again, late and out of order, it is the old one"
    )


def test_start_gives_back_what_was_given_and_nothing_else(twilio: Sender) -> None:
    agreed, never = joins(twilio), "+4915112340000"
    twilio.shop.join(JoinMember(identifiers=(Identifier("phone", never),)))
    says(twilio, agreed, "given")
    for word in ("STOP", "START"):
        answers = {texts(twilio, one, word).text for one in (agreed, never, NOBODYS)}
        assert len(answers) == 1, "who is no member reads the same"
        twilio.later(minutes=1)
    assert words(twilio, agreed) == ["given", "withdrawn", "given"]
    assert words(twilio, never) == ["withdrawn"], "they never agreed, so nothing is brought back"
    assert "<Message>" in texts(twilio, agreed, "stop").text, "a stop after a start is a new one"
    assert words(twilio, agreed)[-1] == "withdrawn"


@pytest.mark.parametrize(
    ("text", "word", "language"),
    [
        ("STOP", "stop", ""),
        ("stop!", "stop", ""),
        ("Please stop", "stop", ""),
        ("STOPP", "stop", "de"),
        ("Abmelden", "stop", "de"),
        ("İPTAL", "stop", "tr"),
        ("iptal", "stop", "tr"),
        ("ÇIKIŞ", "stop", "tr"),
        ("cikis", "stop", "tr"),
        ("إيقاف", "stop", "ar"),
        ("ايقاف", "stop", "ar"),
        ("الغاء", "stop", "ar"),
        ("opt out", "stop", ""),
        ("Start", "start", ""),
        ("BAŞLA", "start", "tr"),
        ("ابدأ", "start", "ar"),
        ("Hilfe?", "help", "de"),
        ("YARDIM", "help", "tr"),
        ("مساعدة", "help", "ar"),
        ("", "other", ""),
        ("start at nine", "other", ""),
        ("When do you stop selling bread on Sundays?", "other", ""),
        ("Yes", "other", ""),
    ],
)
def test_the_words_are_known_in_four_languages(text: str, word: str, language: str) -> None:
    found = meant(text)
    assert (found.word, found.language) == (word, language)


def test_help_is_answered_in_the_language_of_the_word_and_not_again_within_the_hour(
    twilio: Sender,
) -> None:
    first, again = texts(twilio, NOBODYS, "Hilfe"), texts(twilio, NOBODYS, "Hilfe")
    assert "STOPP beendet" in first.text
    assert "<Message>" not in again.text
    twilio.later(hours=1)
    assert "STOPP beendet" in texts(twilio, NOBODYS, "Hilfe").text


def test_what_twilio_answered_itself_is_heard_and_not_answered(twilio: Sender) -> None:
    phone = joins(twilio)
    says(twilio, phone, "given")
    assert "<Message>" not in texts(twilio, phone, "STOP", OptOutType="STOP").text
    assert words(twilio, phone) == ["given", "withdrawn"]


def test_a_consent_dated_ahead_does_not_outlast_a_stop(twilio: Sender) -> None:
    phone = joins(twilio)
    says(twilio, phone, "given")
    twilio.later(hours=-2)
    texts(twilio, phone, "STOP")
    twilio.later(hours=3)
    assert words(twilio, phone)[-1] == "withdrawn"


def test_nothing_is_heard_without_twilios_signature(twilio: Sender) -> None:
    phone = joins(twilio)
    says(twilio, phone, "given")
    before = twilio.shop.rows(_HEARD)
    twilio.address += "/texts"
    fields = {"MessageSid": "SM1", "From": phone, "Body": "STOP"}
    for answer in (
        post(twilio, fields, token="another"),
        post(twilio, fields, at="https://elsewhere.example/"),
        post(twilio, fields, authorization="Basic bm86bm8="),
        twilio.post(b'{"id": "1"}', {"content-type": "application/json"}),
    ):
        assert answer.status_code == 401, answer.text
    assert words(twilio, phone) == ["given"]
    assert twilio.shop.rows(_HEARD) == before


def test_others_send_json_and_are_told_what_to_answer(plain: Sender) -> None:
    phone = joins(plain)
    says(plain, phone, "given")
    plain.address += "/texts"
    first = tell(plain, {"id": "1", "from": phone, "text": "DUR"})
    assert first.status_code == 200
    assert "BAŞLA" in first.json()["answer"]
    assert tell(plain, {"id": "1", "from": phone, "text": "DUR"}).json() == {"answer": None}
    assert words(plain, phone) == ["given", "withdrawn"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"from": "+4915112345678", "text": "STOP"}, "/id"),
        ({"id": "1", "text": "STOP"}, "/from"),
        ({"id": "1", "from": "+4915112345678"}, "/text"),
        ({"id": "1", "from": "nobody", "text": "STOP"}, "/from"),
        ({"id": "1", "from": 7, "text": "STOP"}, "/from"),
        ({"id": "1" * 201, "from": "+4915112345678", "text": "STOP"}, "/id"),
    ],
)
def test_what_is_no_text_message_is_refused_at_its_field(
    plain: Sender, sent: dict[str, Any], field: str
) -> None:
    plain.address += "/texts"
    answer = tell(plain, sent)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, field), answer.text


def test_what_a_member_writes_is_kept_and_goes_with_them(plain: Sender) -> None:
    phone = joins(plain)
    plain.address += "/texts"
    for who in (phone, NOBODYS):
        told = tell(plain, {"id": who, "from": who, "text": "Are you open today?"})
        assert told.json() == {"answer": None}
    kept = "select says, member_id is null from text_heard where program_id = $1 and says <> ''"
    assert plain.shop.rows(kept) == [("Are you open today?", False)]
    ((who,),) = plain.shop.rows(
        "select member_id from identifier where program_id = $1 and value = $2", phone
    )
    assert plain.counter.ask("DELETE", f"/v1/members/mem_{who.hex}").status_code == 200
    assert plain.shop.rows(kept) == []
