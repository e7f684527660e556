"""Amazon SNS: only messages of the topic that is named come in, signed by SNS of its region."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from tests.makers import NOON
from tests.surfaces.connect.inlets.sender import Sender
from tests.surfaces.connect.inlets.test_letters import SHOWN, joins, marks, tell
from tests.surfaces.counter import Counter, problem

from regulars.surfaces.connect.inlets.letters import mapping_for
from regulars.surfaces.connect.inlets.mapping import MappingFault
from regulars.surfaces.connect.inlets.providers import sns
from regulars.surfaces.senders.outgoing import fetching
from regulars.surfaces.senders.outgoing.client import NoAnswer
from regulars.surfaces.senders.outgoing.guard import NotAllowed

MAPPING = (SHOWN / "signed/amazon.yaml").read_text("utf-8")
TOPIC = "arn:aws:sns:eu-central-1:123456789012:letters"
HOST = "https://sns.eu-central-1.amazonaws.com"
PEM = f"{HOST}/SimpleNotificationService-0123abcd.pem"
OWN, OTHER = (rsa.generate_private_key(65_537, 2048) for _ in range(2))


def certified(key: Any, days: int = 365) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    made = made.public_key(key.public_key()).serial_number(7)
    made = made.not_valid_before(NOON - timedelta(days=30))
    made = made.not_valid_after(NOON + timedelta(days=days))
    return made.sign(key, SHA256()).public_bytes(Encoding.PEM)


class Amazon:
    """SNS as far as it is asked; `asked` is every address."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.there: dict[str, bytes] = {PEM: certified(OWN)}

    async def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        if url in self.there:
            return self.there[url]
        if "Action=ConfirmSubscription" in url:
            return b"<ConfirmSubscriptionResponse/>"
        raise NoAnswer("it answers 404")


@pytest.fixture
def amazon(monkeypatch: pytest.MonkeyPatch) -> Amazon:
    monkeypatch.setattr(sns, "_certificates", {})
    return Amazon()


@pytest.fixture
def ses(counter: Counter, amazon: Amazon) -> Sender:
    return Sender(asking(counter, amazon), MAPPING, "letters")


def asking(counter: Counter, amazon: Amazon) -> Counter:
    return Counter(counter.shop, ticks=counter.given.ticks, fetch=amazon.fetch)


def bounced(*mails: str, kind: str = "Permanent") -> str:
    named = [{"emailAddress": one, "diagnosticCode": f"550 {place}"} for place, one in
             enumerate(mails)]  # fmt: skip
    told = {"bounceType": kind, "bouncedRecipients": named, "timestamp": "2026-03-02T10:00:00Z"}
    return msgspec.json.encode({"notificationType": "Bounce", "bounce": told}).decode()


def signed(message: str, key: Any = OWN, version: str = "2", **more: Any) -> dict[str, Any]:
    """A message as SNS signs it; what is named stands in it in place of the usual."""
    said = {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Message": message,
        "Timestamp": "2026-03-02T10:00:01.000Z",
        "SignatureVersion": version,
        "SigningCertURL": PEM,
    } | more  # fmt: skip
    names = sns._SIGNED.get(said["Type"], sns._NOTIFIED)
    text = "".join(f"{name}\n{said[name]}\n" for name in names if name in said)
    how = SHA1() if version == "1" else SHA256()
    return {"Signature": b64encode(key.sign(text.encode(), PKCS1v15(), how)).decode()} | said


def plain(sender: Sender, told: Any) -> Any:
    """SNS sends its JSON as plain text."""
    return tell(sender, told, **{"content-type": "text/plain; charset=UTF-8"})


@pytest.mark.parametrize("version", ["1", "2"])
def test_what_sns_signed_marks_each_address_once(ses: Sender, amazon: Amazon, version: str) -> None:
    mails = [joins(ses.shop, f"{n}{ses.mark}") for n in "ab"]
    told = signed(bounced(*mails), version=version, Subject="Amazon SES")
    answers = [plain(ses, told) for _ in range(4)]
    assert [one.status_code for one in answers] == [202] * 4
    assert (len(answers[0].json()["ids"]), len({one.text for one in answers})) == (2, 1)
    ses.book()
    assert [marks(ses, one) for one in mails] == [[("hard", 1, "550 0")], [("hard", 1, "550 1")]]
    # The certificate was asked for once, and nothing else ever.
    assert amazon.asked == [PEM]


def test_a_message_id_that_came_carries_no_other_message(ses: Sender) -> None:
    assert plain(ses, signed(bounced("a@example.org"))).status_code == 202
    other = plain(ses, signed(bounced("b@example.org")))
    assert problem(other)[:2] == (409, "event_reused")


def test_nothing_forged_comes_in_and_nobody_else_is_asked(ses: Sender, amazon: Amazon) -> None:
    before, text = ses.shop.counts(), bounced("x@example.org")
    good = signed(text)
    elsewhere = [
        "http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        "https://sns.eu-central-1.amazonaws.com.evil.org/SimpleNotificationService-1.pem",
        "https://evil.org/SimpleNotificationService-0123abcd.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        "https://sns.eu-central-1.amazonaws.com@evil.org/SimpleNotificationService-1.pem",
        "https://evil@sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.eu-central-1.amazonaws.com:8443/SimpleNotificationService-0123abcd.pem",
        f"{HOST}/bucket/evil.pem",
        f"{HOST}/SimpleNotificationService-0123abcd.pem?x=1",
        f"{HOST}/SimpleNotificationService-../x.pem",
        "https://[::1",
        "",
        None,
        7,
    ]
    wrong: list[Any] = [
        *(signed(text, SigningCertURL=one) for one in elsewhere),
        signed(text, OTHER),
        good | {"Message": bounced("y@example.org")},
        good | {"MessageId": "another"},
        good | {"Timestamp": "2026-03-02T11:00:01.000Z"},
        good | {"Signature": ""},
        good | {"Signature": "!!!"},
        good | {"Signature": 5},
        good | {"Subject": "added"},
        good | {"Subject": 5},
        good | {"SignatureVersion": "1"},
        good | {"SignatureVersion": "3"},
        {name: value for name, value in good.items() if name != "Timestamp"},
        # Well signed by SNS, for a topic that anybody can make.
        signed(text, TopicArn="arn:aws:sns:eu-central-1:666666666666:letters"),
        signed(text, Type="Raw"),
        {},
    ]
    answers = [problem(plain(ses, one))[:2] for one in wrong]
    assert answers == [(401, "bad_signature")] * len(wrong)
    assert set(amazon.asked) == {PEM}
    no = tell(ses, good, authorization="Basic !!!")
    assert (no.status_code, no.headers["www-authenticate"]) == (401, 'Basic realm="regulars"')
    for body, said in (
        (b"{", (400, "malformed_json")),
        (b"[]", (400, "malformed_json")),
        (b" " * 10_000_000, (413, "body_too_large")),
        (b'{"Type":' + b"[" * 40 + b"]" * 40 + b"}", (400, "too_deep")),
    ):
        assert problem(plain(ses, body))[:2] == said
    for message in ("no json", "[]", '{"a":1,"a":2}', "[" * 40 + "]" * 40):
        assert plain(ses, signed(message)).status_code == 400
    assert ses.shop.counts() == before
    assert plain(ses, good).status_code == 202


def wants(topic: str = TOPIC, url: str = "", key: Any = OWN, **more: Any) -> dict[str, Any]:
    """SNS asks whether we want the topic."""
    asks = url or f"{HOST}/?Action=ConfirmSubscription&TopicArn={topic}&Token=abc"
    says = {"Type": "SubscriptionConfirmation", "SubscribeURL": asks, "Token": "abc"}
    return signed("You have chosen to subscribe", key, TopicArn=topic, **says, **more)


def test_a_topic_that_is_named_is_confirmed_and_no_other(ses: Sender, amazon: Amazon) -> None:
    before = ses.shop.counts()
    evil = "arn:aws:sns:eu-central-1:666666666666:letters"
    for told in (
        wants(evil),
        wants(url=f"{HOST}/?Action=ConfirmSubscription&TopicArn={evil}&Token=abc"),
        wants(url=f"{HOST}/?Action=DeleteTopic&TopicArn={TOPIC}"),
        wants(url=f"https://evil.org/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=abc"),
        wants(url=f"http://169.254.169.254/?Action=ConfirmSubscription&TopicArn={TOPIC}"),
        wants(key=OTHER),
    ):
        assert problem(plain(ses, told))[:2] == (401, "bad_signature")
    assert set(amazon.asked) == {PEM}
    told = wants()
    answer = plain(ses, told)
    assert (answer.status_code, answer.json()) == (202, {"ids": []})
    assert amazon.asked[-1] == told["SubscribeURL"]
    gone = signed("gone", Type="UnsubscribeConfirmation", SubscribeURL="x", Token="abc")
    assert (plain(ses, gone).status_code, amazon.asked[-1]) == (202, told["SubscribeURL"])
    assert ses.shop.counts() == before


def test_where_sns_cannot_be_asked_it_tries_again(ses: Sender, amazon: Amazon) -> None:
    amazon.there = {}
    answer = plain(ses, signed(bounced("x@example.org")))
    assert answer.status_code == 503
    amazon.there = {PEM: b"no certificate"}
    assert plain(ses, signed(bounced("x@example.org"))).status_code == 503
    amazon.there = {PEM: certified(OWN)}
    assert plain(ses, signed(bounced("x@example.org"))).status_code == 202


@pytest.mark.parametrize("there", ["over", "curve"])
def test_a_certificate_that_is_over_or_of_another_sort_proves_nothing(
    ses: Sender, amazon: Amazon, there: str
) -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    amazon.there = {PEM: certified(OWN, -1) if there == "over" else certified(curve)}
    answer = plain(ses, signed(bounced("x@example.org")))
    assert problem(answer)[:2] == (401, "bad_signature")


def test_a_topic_is_named_whole() -> None:
    assert mapping_for(MAPPING, "letters").signed_by == TOPIC
    for wrong in ("arn:aws:sns:eu-central-1:12:letters", "arn:aws:sqs:eu-central-1:123456789012:x",
                  "arn:aws:sns:evil.org/:123456789012:x", f"{TOPIC}:more"):  # fmt: skip
        with pytest.raises(MappingFault, match=r"signed_by.*no public key"):
            mapping_for(MAPPING.replace(TOPIC, wrong), "letters")
    assert sns._host("arn:aws-cn:sns:cn-north-1:123456789012:x") == (
        "sns.cn-north-1.amazonaws.com.cn"
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://[::1]/x",
        "http://93.184.216.34/x",
        "https://169.254.169.254/x",
    ],
)
def test_what_is_fetched_lies_on_the_public_internet(url: str) -> None:
    """A name of SNS that comes to an address of our own, or of the cloud's, is not called."""
    with pytest.raises(NotAllowed):
        asyncio.run(fetching.fetched(url))
