"""What is read from letters that came back, and what is not."""

from __future__ import annotations

from time import process_time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.runtime.working.senders.returned import MARK, report

from regulars.surfaces.senders.email.bounces import (
    LONGEST_REPORT,
    returned_by,
)
from regulars.surfaces.senders.email.refusals import of_the_address

POSTFIX = b"""\
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)\r
To: club@example.org\r
Content-Type: multipart/report; report-type=delivery-status;\r
\tboundary="A1/mx.example.org"\r
MIME-Version: 1.0\r
\r
This is a MIME-encapsulated message.\r
\r
--A1/mx.example.org\r
Content-Description: Notification\r
Content-Type: text/plain; charset=us-ascii\r
\r
I'm sorry.\r
\r
--A1/mx.example.org\r
Content-Description: Delivery report\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example.org\r
X-Postfix-Queue-ID: A1\r
\r
Final-Recipient: rfc822; ada@example.org\r
Original-Recipient: rfc822;ada@example.org\r
Action: failed\r
Status: 5.1.1\r
Remote-MTA: dns; mx.other.example\r
Diagnostic-Code: smtp; 550 5.1.1 <ada@example.org>: Recipient address rejected:\r
    User unknown in local recipient table\r
\r
--A1/mx.example.org\r
Content-Description: Undelivered Message Headers\r
Content-Type: text/rfc822-headers\r
\r
From: Corner <club@example.org>\r
To: ada@example.org\r
Message-ID:\r
 <0198c0ffee7a7b8c9d0e1f2a3b4c5d6e@example.org>\r
\r
--A1/mx.example.org--\r
"""


@pytest.mark.parametrize("whole", [False, True])
def test_a_letter_that_came_back_for_good_is_known_by_its_number(whole: bool) -> None:
    (found,) = returned_by(report(whole=whole))
    assert found.delivery_id == UUID(hex=MARK)
    assert found.reason == "5.1.1 550 5.1.1 <…>: no such user"


def test_a_report_as_postfix_writes_it_is_read() -> None:
    (found,) = returned_by(POSTFIX)
    assert found.delivery_id == UUID(hex=MARK)
    assert found.reason.endswith("User unknown in local recipient table")


@pytest.mark.parametrize(
    ("status", "action"),
    [
        ("4.2.2", "delayed"),
        ("5.1.1", "delayed"),
        ("5.2.2", "delayed"),
        ("4.4.7", "failed"),
        ("5.7.1", "failed"),
        ("5.3.4", "failed"),
        ("5.2.3", "failed"),
        ("2.0.0", "delivered"),
        ("2.1.5", "relayed"),
        ("", "failed"),
        ("nonsense", "failed"),
    ],
)
def test_what_says_nothing_lasting_of_the_address_marks_nobody(status: str, action: str) -> None:
    assert returned_by(report(status, action)) == []


def test_other_mail_marks_nobody() -> None:
    assert returned_by(b"") == []
    assert (
        returned_by(b"Subject: hello\n\nFinal-Recipient: x\nAction: failed\nStatus: 5.1.1\n") == []
    )
    assert returned_by(report(mark="somebody-else")) == []
    assert returned_by(report().replace(b"Message-ID", b"X-Other-ID")) == []
    assert returned_by(report() + b"x" * LONGEST_REPORT) == []


def test_the_number_counts_where_the_letter_is_and_nowhere_else() -> None:
    said = f"smtp; 550 5.1.1 <{'ab' * 16}@example.org> unknown"
    (found,) = returned_by(report(said=said))
    assert found.delivery_id == UUID(hex=MARK)


@given(st.binary(max_size=600), st.integers(0, 2_000), st.integers(0, 2_000))
def test_no_mail_is_so_broken_that_reading_it_fails(junk: bytes, at: int, to: int) -> None:
    whole = report()
    returned_by(junk)
    returned_by(whole[:at] + junk + whole[to:])


NESTED = b"".join(
    b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(2000)
)
FOREIGN = b'Content-Type: multipart/report; boundary="A1"'


@pytest.mark.parametrize(
    "mail",
    [
        FOREIGN + b"\n\n--A1\n" + NESTED,
        FOREIGN + b"\n\n--A1\n" + b"Content-Type: message/rfc822\n\n" * 3000,
        report().replace(b'boundary="A1"', b"boundary*"),
        FOREIGN + b"; a=b" * 700_000 + b"\n\n--A1\n\n--A1--\n",
        FOREIGN + b"\n (a)" * 700_000 + b"\n\n--A1\n\n--A1--\n",
        FOREIGN + b"\r (a)" * 700_000 + b"\r\r--A1\r\r--A1--\r",
        FOREIGN + b"\n\n" + (b"--A1\nContent-Type: a/b" + b"(a)" * 1000 + b"\n\n\n") * 1000,
    ],
    ids=["parts in parts", "letters in letters", "no boundary", "long", "folded", "old", "many"],
)
def test_a_mail_that_is_made_to_hold_us_up_says_nothing_at_once(mail: bytes) -> None:
    began = process_time()
    assert returned_by(mail) == []
    assert process_time() - began < 2


def test_no_address_is_kept_with_the_reason() -> None:
    (found,) = returned_by(report(said="smtp; 550 <ada@example.org>... rfc822;ada@example.org no"))
    assert found.reason == "5.1.1 550 <…>... … no"


@pytest.mark.parametrize(
    ("code", "said", "means"),
    [
        (550, "5.1.1 <ada@example.org>: no such user", "hard"),
        (550, "5.1.10 null MX", "hard"),
        (550, "5.2.1 mailbox disabled", "hard"),
        (550, "No such user here", "hard"),
        (553, "mailbox name not allowed", "hard"),
        (551, "user not local", "hard"),
        (550, "5.7.1 Message rejected due to local policy", ""),
        (550, "Sender rejected: spam", ""),
        (550, "blocked, see our policy", ""),
        (550, "5.1.7 bad address of the sender", ""),
        (552, "5.2.2 mailbox full", "soft"),
        (552, "mailbox full", "soft"),
        (452, "4.2.2 mailbox full", "soft"),
        (550, "over quota", "soft"),
        (550, "5.4.6 loop", "soft"),
        (550, "5.4.7 expired", "soft"),
        (554, "5.4.4 dns", "soft"),
        (550, "5.0.0 rejected", "soft"),
        (552, "5.3.4 message too big", ""),
        (550, "5.2.3 message too long", ""),
        (554, "Transaction failed", ""),
        (450, "4.2.1 try again", ""),
    ],
)
def test_a_refusal_at_the_door_is_read_likewise(code: int, said: str, means: str) -> None:
    assert of_the_address(code, said) == means


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        ("5.1.1", "smtp; 550 5.1.1 no such user", "hard"),
        ("5.2.1", "smtp; 550 disabled", "hard"),
        # Postfix gives this status to whatever a server said without one.
        ("5.0.0", "smtp; 550 no such user", "hard"),
        ("5.0.0", "smtp; 550 rejected as spam", ""),
        ("5.0.0", "x-unix; something else", "soft"),
        ("5.2.2", "smtp; 552 5.2.2 mailbox full", "soft"),
        ("4.2.2", "smtp; 452 4.2.2 mailbox full", "soft"),
        ("5.4.7", "smtp; 554 5.4.7 expired", "soft"),
        ("5.4.4", "dns; no such name", "soft"),
        ("5.4.5", "smtp; 550 5.4.5 Daily user sending limit exceeded", ""),
        ("5.1.8", "smtp; 550 5.1.8 bad domain of the sender", ""),
    ],
)
def test_what_comes_back_is_for_good_or_for_now(status: str, said: str, kind: str) -> None:
    found = returned_by(report(status, said=said))
    assert [one.kind for one in found] == ([kind] if kind else [])
