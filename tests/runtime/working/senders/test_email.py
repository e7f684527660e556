"""Letters to a real mail server: as written, not to be tampered with, and what its answers mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.runtime.working.senders.post_office import PostOffice, post_office, run

from regulars.records.outbox.campaigns.mailing import page as page_of
from regulars.surfaces.senders.email.letters import Origin, bytes_of, email_of, written
from regulars.surfaces.senders.email.smtp import MailServer, SmtpSender
from regulars.surfaces.senders.types import Attached, Letter, Said, one_line

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LETTER = Letter(
    "0a1b", "ada@example.org", "Hello", "One.\n\nTwo: https://x.test/a?b=1&c=2", "Corner"
)


@pytest.fixture(scope="module")
def shared() -> Iterator[PostOffice]:
    with post_office() as opened:
        yield opened


@pytest.fixture
def office(shared: PostOffice) -> PostOffice:
    shared.envelopes.clear()
    shared.answers.clear()
    shared.of_us.clear()
    return shared


def sender(office: PostOffice, **more: Any) -> SmtpSender:
    origin = Origin("club@example.org")
    server = MailServer("127.0.0.1", office.port, "none", origin, **more)
    return SmtpSender(server, lambda: NOW, patience_s=5)


def sent(office: PostOffice, *letters: Letter, **more: Any) -> list[Said]:
    return list(run(sender(office, **more).send(letters)))


def body(mail: EmailMessage, kind: str) -> str:
    return str(mail.get_body((kind,)).get_content())  # type: ignore


def test_a_letter_arrives_as_it_was_written(office: PostOffice) -> None:
    assert [one.outcome for one in sent(office, LETTER)] == ["sent"]
    (mail,) = office.letters
    assert office.envelopes[0].rcpt_tos == ["ada@example.org"]
    assert office.envelopes[0].mail_from == "club@example.org"
    assert (mail["From"], mail["To"]) == ("Corner <club@example.org>", "ada@example.org")
    assert mail["Message-ID"] == "<0a1b@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Mon, 02 Mar 2026 12:00:00 +0000"
    plain, page = body(mail, "plain"), body(mail, "html")
    assert plain.splitlines() == ["One.", "", "Two: https://x.test/a?b=1&c=2"]
    assert '<a href="https://x.test/a?b=1&amp;c=2">' in page


def test_a_letter_that_need_not_be_sent_says_where_it_is_stopped(office: PostOffice) -> None:
    where = "https://club.example.org/card/me/messages"
    which = "notices.corner\r\nBcc: x"
    sent(office, LETTER, replace(LETTER, mark="0a1c", choose=where, of_list=which))
    must, may = office.letters
    assert (must["List-Id"], may["Bcc"]) == (None, None)
    assert may["List-Id"].startswith("<notices.corner")
    assert may["List-Id"].endswith(".example.org>")
    assert must["List-Unsubscribe"] is None
    assert may["List-Unsubscribe"] == f"<{where}>"


def test_where_it_is_stopped_is_in_one_piece_on_its_way(office: PostOffice) -> None:
    """Mail programs make a button of the address as it came (RFC 2369, RFC 8058); one that is
    folded or encoded is none."""
    where = "https://club.example.org/card/stop?link=" + "email-" + 60 * "0a"
    sent(office, replace(LETTER, stop=where))
    raw = bytes(office.envelopes[0].content)  # type: ignore[arg-type]
    assert f"\r\nList-Unsubscribe: <{where}>\r\n".encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


def test_a_shop_whose_address_is_beyond_ascii_is_told_of_in_a_header(office: PostOffice) -> None:
    assert [
        one.outcome for one in sent(office, replace(LETTER, stop="https://köşe.example/x"))
    ] == ["sent"]
    assert office.letters[0]["List-Unsubscribe"] == "<https://köşe.example/x>"


def test_sent_twice_it_is_one_letter_by_its_message_id(office: PostOffice) -> None:
    sent(office, LETTER)
    sent(office, LETTER)
    assert len({mail["Message-ID"] for mail in office.letters}) == 1


@pytest.mark.parametrize("breaks", ["\r\n", "\n", "\u2028", "\x00\x0b"])
def test_nothing_is_smuggled_into_the_headers(office: PostOffice, breaks: str) -> None:
    smuggled = f"{breaks}Bcc: eve@example.org{breaks}{breaks}x"
    letter = replace(LETTER, about=f"Hi{smuggled}", shop=f"Corner{smuggled}", text=f"Hi{smuggled}")
    assert [one.outcome for one in sent(office, letter)] == ["sent"]
    (mail,) = office.letters
    assert "Bcc" not in mail
    assert office.envelopes[0].rcpt_tos == ["ada@example.org"]
    assert mail["Subject"].startswith("Hi Bcc: eve@example.org")
    assert mail["From"].addresses[0].addr_spec == "club@example.org"


def test_an_arabic_subject_arrives_and_its_page_reads_from_the_right(office: PostOffice) -> None:
    about = "الدخول إلى مقهى الركن " * 6
    letter = replace(LETTER, about=about, shop="مقهى", text="مرحبًا", language="ar")
    assert [one.outcome for one in sent(office, letter)] == ["sent"]
    (mail,) = office.letters
    assert mail["Subject"] == about.strip()
    assert mail["From"].addresses[0].display_name == "مقهى"
    raw = office.envelopes[0].content
    assert raw.isascii()  # type: ignore[union-attr]
    assert all(len(line) <= 998 for line in raw.splitlines())  # type: ignore[union-attr]
    assert 'lang="ar" dir="rtl"' in body(mail, "html")


@pytest.mark.parametrize(
    "address", ["o'hara+tag@example.org", "a/b=c{d}@example.org", "ünal@example.org"]
)
def test_addresses_with_odd_letters_get_theirs(office: PostOffice, address: str) -> None:
    assert [one.outcome for one in sent(office, replace(LETTER, to=address))] == ["sent"]
    assert office.envelopes[0].rcpt_tos == [address]


@pytest.mark.parametrize("to", ["ada@example.org", "ünal@example.org"])
@pytest.mark.parametrize("text", ["Hi", "a\r\nb\rc\n\n", "é = \u2028 .\n.\nFrom me " + "x" * 200])
def test_it_goes_as_python_itself_writes_it(to: str, text: str) -> None:
    sheet = Attached("a b.csv", "text/csv", b"a;b\r\n\x00\xff\n")
    for files in ((), (sheet,)):
        letter = replace(LETTER, to=to, text=text, files=files)
        mail = email_of(letter, Origin("c@example.org"), NOW)
        assert bytes_of(mail) == mail.as_bytes()
        assert files or written(letter, Origin("c@example.org"), NOW) == mail.as_bytes()


@given(
    about=st.text(max_size=120), shop=st.text(max_size=90), text=st.text(max_size=300),
    html=st.text(max_size=300), language=st.sampled_from(["en", "ar", "de-AT"]),
    stop=st.sampled_from(["", "https://club.example.org/card/stop?link=" + "x" * 90, "mailto:a@b"]),
)  # fmt: skip
@settings(deadline=None, max_examples=40)
def test_whatever_it_says_it_goes_as_python_itself_writes_it(**told: str) -> None:
    """In one go, without the library's message in between."""
    letter = replace(LETTER, **told, answerable=True, of_list="campaigns.corner")
    origin = Origin("c@example.org", told["shop"][:20], "a@example.org")
    try:
        mail = email_of(letter, origin, NOW).as_bytes()
    except ValueError as why:
        with pytest.raises(type(why)):
            written(letter, origin, NOW)
    else:
        assert written(letter, origin, NOW) == mail


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Stop:\nhttps://x.test/stop?a=b&c", "Stop:<br>{https://x.test/stop?a=b&amp;c}"),
        ("https://x.test/1\nhttps://x.test/2", "{https://x.test/1}<br>{https://x.test/2}"),
        ("See https://x.test/a.", "See {https://x.test/a}."),
        ("(See https://x.test/a_(b).)", "(See {https://x.test/a_(b)}.)"),
        ("(https://x.test/a), “https://x.test/b”!", "({https://x.test/a}), “{https://x.test/b}”!"),
        ("اقرأ https://x.test/a؟", "اقرأ {https://x.test/a}؟"),
        ("No xhttps://x.test, nor https://", "No xhttps://x.test, nor https://"),
        ('<b> https://x.test/"c', "&lt;b&gt; {https://x.test/}&#34;c"),
    ],
)
def test_an_address_of_the_web_is_a_link_wherever_it_stands(text: str, shown: str) -> None:
    page = body(email_of(replace(LETTER, text=text), Origin("club@example.org"), NOW), "html")
    as_links = re.sub(r"\{(.*?)\}", r'<a href="\1">\1</a>', shown)
    assert f"<p>{as_links}</p>" in page.replace("=\n", "")


@pytest.mark.parametrize("language", ["ar", "fa-IR", "he", "ur"])
def test_a_plain_letter_and_one_that_looks_read_from_the_right(language: str) -> None:
    letter = replace(LETTER, language=language)
    plain = body(email_of(letter, Origin("club@example.org"), NOW), "html")
    mjml = "<mj-section><mj-column><mj-text>שלום</mj-text></mj-column></mj-section>"
    looks = page_of(mjml, language, {}, {"preview": "p", "below": "b", "stop": "https://s.test"})
    assert f'lang="{language}" dir="rtl"' in plain
    assert re.search(f'<html[^>]* lang="{language}"[^>]*dir="rtl"', looks)
    assert re.search("text-align:right[^>]*>שלום", looks)


def test_a_page_holds_what_was_written_and_no_more() -> None:
    letter = replace(LETTER, text='<script>alert("x")</script> https://x.test/"onclick="y')
    page = body(email_of(letter, Origin("club@example.org"), NOW), "html")
    assert "<script>" not in page
    assert '"onclick=' not in page


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("550 5.1.1 <ada@example.org>: no such user", "never"),
        ("552 mailbox full", "never"),
        ("450 4.2.1 try again", "later"),
        ("451 4.7.1 greylisted", "later"),
    ],
)
def test_what_a_mail_server_means(office: PostOffice, answer: str, outcome: str) -> None:
    office.answers = [answer]
    said = sent(office, LETTER, replace(LETTER, to="ben@example.org"))
    assert [one.outcome for one in said] == [outcome, "sent"]
    assert said[0].reason == answer
    assert not said[0].away


def test_a_mail_server_that_closes_leaves_the_rest_for_later(office: PostOffice) -> None:
    office.answers = ["421 closing"]
    said = sent(office, LETTER, LETTER)
    assert [(one.outcome, one.away) for one in said] == [("later", True)] * 2
    assert office.envelopes == []


@pytest.mark.parametrize(
    "answer",
    [
        "550 5.4.5 Daily user sending limit exceeded.",
        "550 5.7.60 Client does not have permissions to send as this sender",
        "550 5.1.8 sender is not verified",
        "530 5.7.0 authenticate first",
        "553 not yours",
        "451 4.7.1 slow down",
    ],
)
def test_who_refuses_us_refuses_no_letter(office: PostOffice, answer: str) -> None:
    """Whatever is sent meets the same answer, and nobody's letter is lost by it."""
    office.of_us = [answer]
    said = sent(office, LETTER, replace(LETTER, to="ben@example.org"))
    assert [(one.outcome, one.away, one.unsure) for one in said] == [("later", True, False)] * 2
    assert said[0].reason == f"the mail server takes nothing from us: {answer}"
    assert (office.envelopes, office.answers) == ([], [])


@pytest.mark.parametrize(
    "answer",
    [
        "530 5.7.57 client was not authenticated",
        "550 5.4.5 Daily user sending limit exceeded.",
        "553 5.7.1 <club@example.org>: Sender address rejected: not owned by user mia",
        "550 5.1.90 Your message can't be sent because you've reached your daily limit",
    ],
)
def test_who_refuses_us_says_so_at_the_recipient(office: PostOffice, answer: str) -> None:
    office.answers = [answer]
    said = sent(office, LETTER, LETTER)
    assert [(one.outcome, one.away, one.unsure) for one in said] == [("later", True, False)] * 2


@pytest.mark.parametrize(
    "answer", ["552 5.3.4 too big", "552 too big", "550 5.6.7 no such letters"]
)
def test_a_letter_that_is_too_large_is_itself_at_fault(office: PostOffice, answer: str) -> None:
    office.of_us = [answer]
    said = sent(office, LETTER, LETTER)
    assert [(one.outcome, one.away) for one in said] == [("never", False), ("sent", False)]


def test_a_mail_server_that_is_not_there_is_tried_later() -> None:
    nowhere = PostOffice()
    nowhere.port = 9
    said = sent(nowhere, LETTER)
    assert [(one.outcome, one.away) for one in said] == [("later", True)]
    assert said[0].reason.startswith("the mail server does not answer")


def test_who_is_not_let_in_is_not_the_letters_fault(office: PostOffice) -> None:
    said = sent(office, LETTER, user="club", password="wrong")
    assert [(one.outcome, one.away) for one in said] == [("later", True)]
    assert "does not let us in" in said[0].reason
    assert [one.outcome for one in sent(office, LETTER, user="club", password="open sesame")] == [
        "sent"
    ]


def test_no_letter_goes_in_plain_where_a_closed_one_was_asked_for(office: PostOffice) -> None:
    server = MailServer("127.0.0.1", office.port, "starttls", Origin("club@example.org"))
    said = run(SmtpSender(server, lambda: NOW, patience_s=5).send([LETTER]))
    assert [one.outcome for one in said] == ["later"]
    assert office.envelopes == []


def test_signs_that_turn_others_round_are_left_out() -> None:
    assert one_line("a\u202eb\u2066c\r\n\td") == "abc d"
    assert one_line("كن\u200cت 👩\u200d🍳") == "كن\u200cت 👩\u200d🍳"
