"""Twilio signs its address and what it says: nothing else comes in, and telephones are marked."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from msgspec.structs import replace
from multidict import MultiDict
from tests.surfaces.connect.inlets.sender import Sender
from tests.surfaces.connect.inlets.test_letters import SHOWN, shown
from tests.surfaces.counter import Counter, problem
from twilio.request_validator import RequestValidator

from regulars.flows.telling.mail import mail_digests
from regulars.records.members.types import Identifier, JoinMember
from regulars.records.outbox.bounces.read import some
from regulars.surfaces.connect.inlets.providers.twilio import signature

TOKEN = "0123456789abcdef0123456789abcdef"
CLUB = "https://club.example.org"
MAPPING = (SHOWN / "signed/twilio.yaml").read_text("utf-8")
_KEPT = """
select b.kind, b.times, b.reason from bounced_address b
  join identifier i using (program_id, member_id)
 where program_id = $1 and i.kind = 'phone' and i.value = $2
"""
_WORDS = """
select c.channel, c.state, c.source from consent c join identifier i using (program_id, member_id)
 where program_id = $1 and i.kind = 'phone' and i.value = $2
"""


@pytest.fixture
def twilio(counter: Counter) -> Sender:
    return Sender(signing(counter), MAPPING, "letters")


def signing(counter: Counter, token: str = TOKEN) -> Counter:
    """The same shop, where Twilio's token is this one."""
    given = replace(counter.given, sms_token=token)
    return Counter(counter.shop, ticks=given.ticks, sms_token=token, public_url=f"{CLUB}/loyalty/")


def joins(sender: Sender) -> str:
    phone = f"+49151{int(sender.mark, 16):08}"
    names = (Identifier("external", sender.mark), Identifier("phone", phone))
    sender.shop.join(JoinMember(identifiers=names))
    return phone


def told(phone: str, status: str = "undelivered", code: str = "30005", **more: str) -> Any:
    said = {"MessageSid": "SM1", "To": phone, "From": "+15005550006", "AccountSid": "AC1"}
    return said | {"MessageStatus": status, "ErrorCode": code} | more


def post(
    sender: Sender, fields: dict[str, str], *, at: str = "", token: str = TOKEN, **above: str
) -> httpx.Response:
    """A form as Twilio sends it to this address, with the secret as the password."""
    host = str(sender.counter.client.base_url.host)
    basic = b64encode(f"twilio:{shown(sender)}".encode()).decode()
    address = at.replace("HOST", host) or f"https://{host}{sender.address}"
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "authorization": f"Basic {basic}",
        "x-twilio-signature": signature(token, address, list(fields.items())).decode(),
    }
    return sender.post(urlencode(fields).encode(), headers | above)


def marks(sender: Sender, phone: str) -> list[tuple[Any, ...]]:
    return sender.shop.rows(_KEPT, phone)


def test_the_signature_is_that_of_twilios_own_example() -> None:
    """Source: Twilio, Security, Validating signatures: its address, its fields, its answer."""
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    address = "https://mycompany.com/myapp.php?foo=1&bar=2"
    made = signature("12345", address, list(reversed(fields.items())))
    assert made == b"RSOYDt4T1cUTdK1PDd93/VVr8B8="
    # A field that is sent twice with the same value counts once.
    assert made == signature("12345", address, [*fields.items(), ("Digits", "1234")])


@pytest.mark.parametrize(
    ("status", "code", "kept"),
    [
        ("undelivered", "30005", [("hard", 1, "Twilio 30005")]),
        ("undelivered", "30003", [("soft", 1, "Twilio 30003")]),
        ("failed", "21211", [("hard", 1, "Twilio 21211")]),
        ("failed", "30008", [("soft", 1, "Twilio 30008")]),
        ("failed", "21610", [("complaint", 1, "Twilio 21610")]),
        ("delivered", "", []),
        ("sent", "", []),
    ],
)
def test_what_became_of_a_message_is_kept_at_its_telephone(
    twilio: Sender, status: str, code: str, kept: list[tuple[Any, ...]]
) -> None:
    phone = joins(twilio)
    fields = told(phone, status, code)
    answers = [post(twilio, fields) for _ in range(3)]
    assert [one.status_code for one in answers] == [202] * 3, answers[0].text
    assert answers[-1].headers["idempotent-replayed"] == "true"
    twilio.book()
    assert marks(twilio, phone) == kept
    assert {state for state, _, _ in twilio.states()} == {"passed"}
    unwanted = [("sms", "withdrawn", "complaint")] if code == "21610" else []
    assert twilio.shop.rows(_WORDS, phone) == unwanted


def test_a_marked_telephone_is_the_one_that_text_messages_would_go_to(twilio: Sender) -> None:
    phone = joins(twilio)
    assert post(twilio, told(phone)).status_code == 202
    twilio.book()
    digests = mail_digests(twilio.counter.given.keyed, [Identifier("phone", phone)])
    assert set(twilio.shop.do(lambda tx, _: some(tx, digests))) == set(digests) != set()


def test_the_address_may_be_the_one_that_stands_before_us(twilio: Sender) -> None:
    phone, secret = joins(twilio), shown(twilio)
    spelled = secret.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    for n, where in enumerate(
        ("https://HOST", "http://HOST", "https://HOST:443", f"https://twilio:{secret}@HOST",
         f"https://twilio:{spelled}@HOST", f"https://twilio:{secret}@HOST:443",
         f"{CLUB}/loyalty", f"https://twilio:{spelled}@club.example.org:443/loyalty")
    ):  # fmt: skip
        one = told(phone, "sent", "", MessageSid=f"SM{n}")
        assert post(twilio, one, at=where + twilio.address).status_code == 202, where
    asked = f"https://HOST{twilio.address}"
    elsewhere = (asked.replace("HOST", "other.example.org"), CLUB + twilio.address)
    for where in (asked + "?x=1", asked + "/", *elsewhere):
        assert problem(post(twilio, told(phone), at=where))[:2] == (401, "bad_signature"), where


def test_nothing_forged_or_garbled_comes_in(twilio: Sender) -> None:
    phone = joins(twilio)
    good, before = told(phone), twilio.shop.counts()
    whole = urlencode(good).encode()
    made = post(twilio, told(phone, "sent", ""), token="another")
    assert problem(made)[:2] == (401, "bad_signature")
    for signed in ("", "x", "=" * 5_000, signature(TOKEN, "", [*good.items()]).decode()):
        no = post(twilio, good, **{"x-twilio-signature": signed})
        assert problem(no)[:2] == (401, "bad_signature"), signed
    # Signed for another message, or with one more field that nobody signed.
    one = {"x-twilio-signature": post_signature(twilio, good)}
    for other in (good | {"To": "+4915112345679"}, good | {"More": "1"}):
        assert problem(post(twilio, other, **one))[:2] == (401, "bad_signature")
    assert problem(post(twilio, good, authorization="Basic eDp5"))[:2] == (401, "bad_signature")
    plain = {"authorization": f"Bearer {shown(twilio)}", **one}
    form = plain | {"content-type": "application/x-www-form-urlencoded"}
    bodies: list[tuple[bytes, dict[str, str], int]] = [
        (whole, plain | {"content-type": "application/json"}, 415),
        (b"a=%FF", form, 400),
        (b"&".join(b"a%d=1" % n for n in range(200)), form, 400),
        (b"", form, 401),
        (b"To=" + b"1" * 10_000_000, form, 413),
    ]
    for body, headers, status in bodies:
        assert twilio.post(body, headers).status_code == status, body[:20]
    assert twilio.shop.counts() == before
    assert twilio.post(whole, form).status_code == 202


def post_signature(sender: Sender, fields: dict[str, str]) -> str:
    host = sender.counter.client.base_url.host
    return signature(TOKEN, f"https://{host}{sender.address}", list(fields.items())).decode()


def test_twilios_own_verifier_and_we_agree_on_what_is_signed(twilio: Sender) -> None:
    """Also where a field comes twice, is empty, or is written in any letters."""
    judge, phone = RequestValidator(TOKEN), joins(twilio)
    host = twilio.counter.client.base_url.host
    good = told(phone, Body="Tee für zwei & ₺ 5 🫖 = mehr", Empty="")
    for port in ("", ":443"):
        address = f"https://{host}{port}{twilio.address}"
        made = judge.compute_signature(address, good)
        assert signature(TOKEN, address, list(good.items())).decode() == made
        assert judge.validate(address, good, made)
        assert post(twilio, good, **{"x-twilio-signature": made}).status_code == 202
    pairs = [("MediaUrl", "b"), ("To", phone), ("MediaUrl", "a"), ("MediaUrl", "b")]
    ours = signature(TOKEN, f"https://{host}/x?b=1", pairs).decode()
    assert judge.validate(f"https://{host}/x?b=1", MultiDict(pairs), ours)
    for wrong in (good | {"To": "+4915100000000"}, good | {"More": "1"}):
        assert not judge.validate(f"https://{host}{twilio.address}", wrong, made)
        answer = post(twilio, wrong, **{"x-twilio-signature": made})
        assert problem(answer)[:2] == (401, "bad_signature")


def test_without_a_token_nothing_of_twilio_comes_in(counter: Counter) -> None:
    sender = Sender(signing(counter, ""), MAPPING, "letters")
    assert problem(post(sender, told("+4915112345678"), token=""))[:2] == (401, "bad_signature")
