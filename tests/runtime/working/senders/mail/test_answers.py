"""What is read of a mail that answers a letter, and which mails nobody wrote."""

from __future__ import annotations

from time import process_time
from uuid import UUID

import pytest

from regulars.surfaces.senders.email.answers import answered_by, own_words, unread_answer

MARK = "0198c0ffee7a7b8c9d0e1f2a3b4c5d6e"


def mail(body: str, kind: str = "text/plain", more: str = "") -> bytes:
    head = f"From: ada@example.org\r\nIn-Reply-To: <{MARK}@example.org>\r\n{more}"
    return f"{head}Content-Type: {kind}; charset=utf-8\r\n\r\n{body}".encode()


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("<p>Please cancel my order</p>", "Please cancel my order"),
        ("<html><style>p{}</style><body>Yes &amp; no<br>Ünal</body></html>", "Yes & no\nÜnal"),
        ("<div>Yes</div><blockquote>Shall I?</blockquote>", "Yes"),
        ('<div>Yes</div><div class="gmail_quote">On Monday Mia wrote: hi</div>', "Yes"),
        ("<div>Yes</div><hr><div><b>From:</b> Shop</div>", "Yes"),
        ("<script>alert(1)</script><p>1 &lt; 2</p>", "1 < 2"),
    ],
)
def test_an_answer_in_html_alone_is_read(page: str, says: str) -> None:
    found = answered_by(mail(page, "text/html"))
    assert found is not None
    assert (found.letters, found.says) == ((UUID(hex=MARK),), says)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Yes\n\n-----Original Message-----\nFrom: Shop\nSecret\n", "Yes"),
        ("Ja\n\n-----Ursprüngliche Nachricht-----\nVon: Shop\n", "Ja"),
        ("Yes\n\n________________________________\nFrom: Shop <s@x.test>\nSent: Mon\n", "Yes"),
        ("Yes.\n\nOn Mon, 30 Nov 2026, Mia Long <mia@example.org>\nwrote:\n\n> hi", "Yes."),
        ("Ja.\n\nAm 30.11.2026 schrieb Mia:\n> hi", "Ja."),
        ("See:\nOn Monday I come.\n\nAda", "See:\nOn Monday I come.\n\nAda"),
        ("A line\n-----\nbelow", "A line\n-----\nbelow"),
    ],
)
def test_what_she_says_is_without_the_letter_it_answers(text: str, says: str) -> None:
    assert own_words(text) == says


@pytest.mark.parametrize(
    "header",
    [
        "X-Autoreply: yes", "X-Autorespond: x", "X-Auto-Response-Suppress: All",
        "Return-Path: <>", "Auto-Submitted: auto-replied", "Precedence: bulk",
    ],
)  # fmt: skip
def test_what_a_machine_answers_is_no_answer(header: str) -> None:
    assert answered_by(mail("I am away", more=f"{header}\r\n")) is None
    assert not unread_answer(mail("", "image/png", more=f"{header}\r\n"))


@pytest.mark.parametrize("header", ["Return-Path: <ada@example.org>", "X-Autoreply: no"])
def test_a_person_is_heard(header: str) -> None:
    assert answered_by(mail("Yes", more=f"{header}\r\n")) is not None


@pytest.mark.parametrize(
    "sign", ["<!--", "<![CDATA[", "<a ", "</a ", "<?", "&#", "<div>", "<a x='"]
)
def test_a_page_that_is_made_to_hold_us_up_is_read_in_part(sign: str) -> None:
    began = process_time()
    answered_by(mail(sign * (400_000 // len(sign)), "text/html"))
    assert process_time() - began < 2


def test_an_answer_without_words_is_told_of() -> None:
    assert unread_answer(mail("xx", "image/png"))
    assert not unread_answer(mail("Yes"))
    assert not unread_answer(b"Subject: x\r\n\r\nhello")
