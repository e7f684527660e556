"""Text messages as Twilio and a plain service want to be asked, and what their answers mean."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.runtime.working.senders.post_office import Provider, provider, run

from regulars.surfaces.senders.sms.http import SmsProvider, SmsSender
from regulars.surfaces.senders.sms.parts import Parts, parts_of
from regulars.surfaces.senders.types import Letter, Said

LETTER = Letter("0a1b", "+4915112345678", "", "123456 ist der Code für Ünal & Co.", "Corner")


@pytest.fixture(scope="module")
def shared() -> Iterator[Provider]:
    with provider() as opened:
        yield opened


@pytest.fixture
def there(shared: Provider) -> Provider:
    shared.asked.clear()
    shared.answers.clear()
    return shared


def sent(there: Provider, *letters: Letter, **more: Any) -> list[Said]:
    asked = {"driver": "twilio", "url": there.url, "account": "AC1", "token": "t0k"}
    made = SmsProvider(**{**asked, "origin": "+15005550006", **more})
    return list(run(SmsSender(made, patience_s=2).send(letters or (LETTER,))))


def test_twilio_is_asked_as_it_wants_to_be(there: Provider) -> None:
    assert sent(there) == [Said("sent")]
    (asked,) = there.asked
    assert asked["path"] == "/2010-04-01/Accounts/AC1/Messages.json"
    assert asked["auth"] == "AC1:t0k"
    assert asked["type"] == "application/x-www-form-urlencoded"
    assert asked["form"] == {"To": LETTER.to, "From": "+15005550006", "Body": LETTER.text}


def test_a_messaging_service_of_twilio_is_named_as_one(there: Provider) -> None:
    sent(there, origin="MG123")
    assert there.asked[0]["form"]["MessagingServiceSid"] == "MG123"
    assert "From" not in there.asked[0]["form"]


def test_twilio_hears_where_to_tell_what_became_of_it(there: Provider) -> None:
    at = "https://twilio:whsec_x@club.example.org/v1/in/inl_1"
    sent(there, told_at=at)
    assert there.asked[0]["form"]["StatusCallback"] == at


def test_a_service_of_ones_own_gets_json_with_the_same_key_each_time(there: Provider) -> None:
    for _ in range(2):
        assert sent(there, driver="http", url=f"{there.url}/sms", account="") == [Said("sent")]
    assert [one["key"] for one in there.asked] == ["0a1b", "0a1b"]
    assert there.asked[0]["path"] == "/sms"
    assert there.asked[0]["authorization"] == "Bearer t0k"
    wanted = {"id": "0a1b", "to": LETTER.to, "from": "+15005550006", "text": LETTER.text}
    assert json.loads(there.asked[0]["body"]) == wanted


@pytest.mark.parametrize(
    ("status", "outcome", "away"),
    [
        (400, "never", False),
        (404, "never", False),
        (429, "later", False),
        (408, "later", False),
        (401, "later", True),
        (403, "later", True),
        (500, "later", True),
        (503, "later", True),
        (302, "later", True),
    ],
)
def test_what_a_provider_means(there: Provider, status: int, outcome: str, away: bool) -> None:
    there.answers = [(status, '{"code": 21211, "message": "The \'To\' number\\nis not valid."}')]
    said = sent(there, LETTER, LETTER)
    assert (said[0].outcome, said[0].away) == (outcome, away)
    assert said[0].reason.endswith(f"{status} 21211 The 'To' number is not valid.")
    # Where the provider itself is in trouble, the next one is not even tried.
    assert said[1] == (said[0] if away else Said("sent"))
    assert len(there.asked) == (1 if away else 2)


@pytest.mark.parametrize(
    ("code", "outcome", "away", "back"),
    [
        (21610, "never", False, "complaint"),
        (21211, "never", False, "hard"),
        (21614, "never", False, "hard"),
        (21217, "never", False, "hard"),
        (21408, "never", False, ""),
        (21608, "never", False, ""),
        (21606, "later", True, ""),
        (21703, "later", True, ""),
        (21611, "later", False, ""),
    ],
)
def test_what_twilio_says_at_once(
    there: Provider, code: int, outcome: str, away: bool, back: str
) -> None:
    there.answers = [(400, json.dumps({"code": code, "message": "no", "status": 400}))]
    (said,) = sent(there)
    assert (said.outcome, said.away, said.back) == (outcome, away, back)


@pytest.mark.parametrize("body", ["21610", '{"code": "21610"}', '{"code": 21610}', "[]", "no"])
def test_a_service_of_ones_own_has_no_codes_of_twilios(there: Provider, body: str) -> None:
    there.answers = [(400, body)]
    (said,) = sent(there, driver="http", url=f"{there.url}/sms")
    assert (said.outcome, said.back) == ("never", "")


def test_a_provider_that_is_not_there_is_tried_later(there: Provider) -> None:
    (said,) = sent(there, url="http://127.0.0.1:9")
    assert (said.outcome, said.away) == ("later", True)


@pytest.mark.parametrize(
    ("text", "count", "alphabet"),
    [
        ("", 1, "gsm"),
        ("a" * 160, 1, "gsm"),
        ("a" * 161, 2, "gsm"),
        ("a" * 306, 2, "gsm"),
        ("a" * 307, 3, "gsm"),
        ("€" * 80, 1, "gsm"),
        ("a" * 152 + "€" + "a" * 152, 3, "gsm"),  # the euro sign is not cut in two
        ("Grüße, Ñandu", 1, "gsm"),
        ("ş" * 70, 1, "ucs2"),
        ("ş" + "a" * 70, 2, "ucs2"),
        ("🎁" * 35, 1, "ucs2"),
        ("a" * 66 + "🎁" + "a" * 66, 3, "ucs2"),
    ],
)
def test_a_text_message_is_counted_in_parts(text: str, count: int, alphabet: Any) -> None:
    assert parts_of(text) == Parts(count, alphabet)
