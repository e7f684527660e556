"""What providers tell of letters: addresses are marked, complaints taken as a word, T10 holds."""

from __future__ import annotations

import gzip
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from tests.makers import Shop
from tests.surfaces.connect.inlets.sender import Sender
from tests.surfaces.counter import Counter, problem

from regulars.flows.telling.mail import mail_digests
from regulars.records.members.types import Identifier, JoinMember
from regulars.records.outbox.bounces.read import some
from regulars.surfaces.connect.inlets.letters import mapping_for
from regulars.surfaces.connect.inlets.mapping import MappingFault

SHOWN = Path(__file__).parents[4] / "docs/guides/developer/inlets"
POSTMARK = (SHOWN / "postmark.yaml").read_text("utf-8")
SENDGRID = (SHOWN / "sendgrid.yaml").read_text("utf-8")
SIGNED = """\
mapping: mail
title: Our mail house
source: web-shop
events:
  failed: {letter: {email: to, kind: how, reason: why, occurred_at: at}}
"""


def provider(counter: Counter, mapping: str, kind: str = "letters") -> Sender:
    """One provider of a program that knows Ada and Bob."""
    return Sender(counter, mapping, kind)


@pytest.fixture
def postmark(counter: Counter) -> Sender:
    return provider(counter, POSTMARK)


@pytest.fixture
def sendgrid(counter: Counter) -> Sender:
    return provider(counter, SENDGRID)


def joins(shop: Shop, mark: str) -> str:
    """Somebody new, and where they are written to."""
    mail = f"ada-{mark}@example.org"
    shop.join(JoinMember(identifiers=(Identifier("external", mark), Identifier("email", mail))))
    return mail


def shown(sender: Sender) -> str:
    secret: str = sender.made["secret"]
    return secret


def tell(sender: Sender, payload: Any, **above: str) -> httpx.Response:
    """A payload, with the secret itself."""
    body = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
    headers = {"content-type": "application/json", "authorization": f"Bearer {shown(sender)}"}
    return sender.post(body, headers | above)


def bounce(email: str, type_: str = "HardBounce", **more: Any) -> dict[str, Any]:
    said = {"RecordType": "Bounce", "Type": type_, "Email": email, "Description": "unknown user"}
    return said | {"BouncedAt": "2026-03-02T10:00:00Z"} | more


def marks(sender: Sender, mail: str) -> list[tuple[Any, ...]]:
    """Kind, times and reason of what is kept of whoever has this address."""
    return sender.shop.rows(_MARKS, mail)


def words(sender: Sender, mail: str) -> list[tuple[Any, ...]]:
    return sender.shop.rows(_WORDS, mail)


def test_a_hard_bounce_marks_the_address_once_however_often_it_is_told(postmark: Sender) -> None:
    mail = joins(postmark.shop, postmark.mark)
    answers = [tell(postmark, bounce(mail.upper())) for _ in range(20)]
    assert {one.status_code for one in answers} == {202}
    assert len({one.text for one in answers}) == 1
    assert answers[-1].headers["idempotent-replayed"] == "true"
    postmark.book()
    assert marks(postmark, mail) == [("hard", 1, "unknown user")]
    assert postmark.states() == [("passed", "marked", "")]
    assert words(postmark, mail) == []


def test_fields_in_another_order_are_the_same_event(postmark: Sender) -> None:
    mail = joins(postmark.shop, postmark.mark)
    said = bounce(mail, "SoftBounce")
    for payload in (said, dict(reversed(said.items()))):
        assert tell(postmark, payload).status_code == 202
    postmark.book()
    assert marks(postmark, mail) == [("soft", 1, "unknown user")]


def test_soft_ones_are_counted_and_mark_nothing_until_a_hard_one_comes(postmark: Sender) -> None:
    mail = joins(postmark.shop, postmark.mark)
    for turn in range(2):
        for number in range(2):
            tell(postmark, bounce(mail, "SoftBounce", ID=10 * turn + number))
        postmark.book()
    assert marks(postmark, mail) == [("soft", 4, "unknown user")]
    assert listed(postmark, mail) == 0
    tell(postmark, bounce(mail, ID=99, Description=f"550 <{mail}>: no such user"))
    postmark.book()
    tell(postmark, bounce(mail, "Transient", ID=100))
    postmark.book()
    assert marks(postmark, mail) == [("hard", 1, "550 <…>: no such user")]
    assert listed(postmark, mail) == 1


def test_a_complaint_takes_back_the_word_for_e_mail(postmark: Sender) -> None:
    mail = joins(postmark.shop, postmark.mark)
    tell(postmark, bounce(mail))
    postmark.book()
    at = "2026-03-02T10:30:00Z"
    tell(postmark, bounce(mail, "SpamComplaint", RecordType="SpamComplaint", BouncedAt=at))
    tell(postmark, bounce(mail, "SpamComplaint", RecordType="SpamComplaint", BouncedAt=at, ID=2))
    postmark.book()
    assert marks(postmark, mail) == [("complaint", 1, "unknown user")]
    said_at = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
    assert words(postmark, mail) == [("email", "withdrawn", "complaint", said_at)]


def test_what_is_said_after_a_complaint_stands(postmark: Sender) -> None:
    mail = joins(postmark.shop, postmark.mark)
    postmark.shop.rows(_GIVEN, mail, datetime(2026, 3, 2, 11, tzinfo=UTC))
    tell(postmark, bounce(mail, "SpamComplaint"))
    postmark.book()
    assert [one[1] for one in words(postmark, mail)] == ["withdrawn", "given"]


def test_a_list_is_kept_together_and_what_says_nothing_is_passed(sendgrid: Sender) -> None:
    mail = joins(sendgrid.shop, sendgrid.mark)
    told = {"email": mail, "timestamp": 1772445600, "sg_event_id": "x"}
    events = [
        told | {"event": "delivered"},
        told | {"event": "bounce", "type": "blocked", "reason": "421 later"},
        told | {"event": "bounce", "type": "bounce", "reason": "550 nobody"},
        told | {"event": "bounce", "type": "bounce", "email": "who@example.org"},
        told | {"event": "spamreport"},
    ]
    answer = tell(sendgrid, events)
    assert (answer.status_code, len(answer.json()["ids"])) == (202, 5)
    sendgrid.book()
    assert sorted(code for _, code, _ in sendgrid.states()) == sorted(
        ["", "counted", "marked", "nobody", "marked"]
    )
    assert {state for state, _, _ in sendgrid.states()} == {"passed"}
    assert marks(sendgrid, mail) == [("complaint", 1, "no reason was given")]
    assert problem(tell(sendgrid, [told, 5]))[:2] == (400, "malformed_json")
    assert len(sendgrid.states()) == 5


def test_nothing_comes_in_without_the_secret(postmark: Sender, sendgrid: Sender) -> None:
    body, secret = msgspec.json.encode(bounce("x@example.org")), shown(postmark)
    before = postmark.shop.counts()
    tries = [
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {secret[:-1]}",
        f"Bearer {secret}=",
        f"Bearer {secret.lower()}",
        f"Bearer {shown(sendgrid)}",
        f"Token {secret}",
        secret,
        "Basic !!!",
        f"Basic {b64encode(secret.encode()).decode()}",
        f"Basic {b64encode(f'{secret}:'.encode()).decode()}",
        f"Basic {b64encode(b'mail:wrong').decode()}",
    ]
    answers = [problem(tell(postmark, body, authorization=one))[:2] for one in tries]
    signed = postmark.post(body, postmark.signed("m-1", body))  # a signature is no secret
    answers.append(problem(signed)[:2])
    assert answers == [(401, "bad_signature")] * (len(tries) + 1)
    assert postmark.shop.counts() == before
    basic = b64encode(f"mail:{secret}".encode()).decode()
    assert tell(postmark, body, authorization=f"Basic {basic}").status_code == 202


def test_what_is_huge_or_garbled_is_kept_nowhere(postmark: Sender) -> None:
    before = postmark.shop.counts()
    deep = b'{"RecordType":' + b"[" * 40 + b"]" * 40 + b"}"
    packed = {"content-encoding": "gzip"}
    many = msgspec.json.encode([{"a": number} for number in range(501)])
    tries: list[tuple[bytes, dict[str, str], tuple[int, str]]] = [
        (b" " * 10_000_000, {}, (413, "body_too_large")),
        (gzip.compress(b"0" * 10_000_000), packed, (413, "body_too_large")),
        (deep, {}, (400, "too_deep")),
        (b'{"Email":"a","Email":"b"}', {}, (400, "duplicate_name")),
        (b'\xff{"type":"a"}', {}, (400, "malformed_json")),
        (b"5", {}, (400, "malformed_json")),
        (b"", {}, (400, "malformed_json")),
        (many, {}, (422, "invalid")),
        (b"{}", {"content-type": "text/plain"}, (415, "unsupported_media_type")),
    ]
    for number, (body, above, wanted) in enumerate(tries):
        assert problem(tell(postmark, body, **above))[:2] == wanted, (number, wanted)
    assert postmark.shop.counts() == before


def test_what_does_not_fit_says_where(postmark: Sender) -> None:
    mail = joins(postmark.shop, postmark.mark)
    ahead = (postmark.shop.now + timedelta(days=2)).isoformat()
    for payload in (
        bounce(""),
        bounce("a" * 300 + "@example.org"),
        bounce(mail, BouncedAt=ahead),
        bounce(mail, BouncedAt="yesterday"),
    ):
        assert tell(postmark, payload).status_code == 202
    postmark.book()
    assert postmark.states() == [
        ("unfit", "unfit", "Email"),
        ("unfit", "unfit", "Email"),
        ("unfit", "unfit", "BouncedAt"),
        ("unfit", "unfit", "BouncedAt"),
    ]
    assert marks(postmark, mail) == []


def test_who_signs_may_tell_of_letters_too(counter: Counter) -> None:
    house = provider(counter, SIGNED, "webhook")
    mail = joins(house.shop, house.mark)
    said = {"type": "failed", "to": mail, "how": "hard", "why": "gone", "at": "2026-03-02T10:00Z"}
    assert house.send("m-1", said).status_code == 202
    assert house.send("m-2", said | {"how": "sunk"}).status_code == 202
    assert problem(house.send("m-1", said | {"how": "soft"}))[:2] == (409, "event_reused")
    house.book()
    assert marks(house, mail) == [("hard", 1, "gone")]
    assert house.states() == [("passed", "marked", ""), ("unfit", "unfit", "how")]


def test_a_secret_that_is_only_sent_books_nothing(postmark: Sender) -> None:
    books = SIGNED.replace("events:", "events:\n  paid: {gives: [{kind: {constant: visit}}]}")
    with pytest.raises(MappingFault, match="tells of letters only"):
        mapping_for(books, "letters")
    assert mapping_for(books, "webhook").source == "web-shop"
    changed = postmark.counter.ask("PATCH", postmark.place, {"mapping": books})
    assert problem(changed)[:2] == (422, "bad_mapping")
    wish = {"name": "Mail", "kind": "letters", "mapping": books}
    assert problem(postmark.counter.post("/v1/inlets", wish))[:2] == (422, "bad_mapping")


@pytest.mark.parametrize(
    ("slip", "says"),
    [
        ("kind: {constant: sunk}", "no letter fails as 'sunk'"),
        ("kind: {column: how, values: {a: b}}", "no letter fails as 'b'"),
        ('kind: ""', "this names no place"),
    ],
)
def test_a_mapping_that_names_no_kind_of_failing_is_refused(slip: str, says: str) -> None:
    with pytest.raises(MappingFault, match=says):
        mapping_for(SIGNED.replace("kind: how", slip), "letters")


def test_an_event_tells_activities_or_a_letter() -> None:
    both = SIGNED.replace("{letter:", "{gives: [{kind: {constant: visit}}], letter:")
    with pytest.raises(MappingFault, match="not both"):
        mapping_for(both, "webhook")


def test_with_whoever_is_erased_goes_what_a_provider_said(postmark: Sender) -> None:
    mail = joins(postmark.shop, postmark.mark)
    tell(postmark, bounce(mail))
    postmark.book()
    who = postmark.shop.rows(_WHO, mail)[0][0]
    assert postmark.counter.ask("DELETE", f"/v1/members/mem_{who.hex}").status_code == 200
    assert postmark.shop.rows(_KEPT, postmark.made["id"].removeprefix("inl_")) == [(0,)]
    assert postmark.shop.rows(_MARKED, who) == [(0,)]


def test_what_became_of_a_letter_outlives_its_body(postmark: Sender) -> None:
    mail = joins(postmark.shop, postmark.mark)
    tell(postmark, bounce(mail))
    postmark.book()
    before = postmark.shop.now
    postmark.later(days=31)
    postmark.shop.run(postmark.booker.sweep(postmark.shop.program_id))
    postmark.shop.now = before
    inlet = postmark.made["id"].removeprefix("inl_")
    assert postmark.shop.rows(_KEPT, inlet) == [(0,)]
    assert postmark.shop.rows(_REASONS, inlet) == [("its address is marked",)]


def listed(sender: Sender, mail: str) -> int:
    """How many of this member's addresses are left alone."""

    async def found() -> int:
        digests = mail_digests(sender.counter.given.keyed, [Identifier("email", mail)])
        async with sender.shop.transaction() as tx:
            return len(await some(tx, digests))

    count: int = sender.shop.run(found())
    return count


_WHO = """
select member_id from identifier where program_id = $1 and kind = 'email' and value = $2::text
"""
_MARKS = f"""
select kind, times, reason from bounced_address
 where program_id = $1 and member_id = ({_WHO})
"""
_WORDS = f"""
select channel, state, source, changed_at from consent
 where program_id = $1 and member_id = ({_WHO}) order by changed_at
"""
_GIVEN = """
insert into consent (program_id, member_id, channel, state, source, changed_at, recorded_at)
select $1, member_id, 'email', 'given', 'app', $3::timestamptz, $3::timestamptz
  from identifier where program_id = $1 and kind = 'email' and value = $2::text returning 1
"""
_KEPT = """
select count(*) from arrival
 where program_id = $1 and inlet_id = $2::text::uuid and body is not null
"""
_REASONS = "select reason from arrival where program_id = $1 and inlet_id = $2::text::uuid"
_MARKED = "select count(*) from bounced_address where program_id = $1 and member_id = $2::uuid"
