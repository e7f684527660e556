"""Letters that came back, as mail systems write it."""

from __future__ import annotations

MARK = "0198c0ffee7a7b8c9d0e1f2a3b4c5d6e"
_REPORT = """\
From: MAILER-DAEMON@example.org
To: club@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="A1"

--A1
Content-Type: text/plain; charset=utf-8

I'm sorry to have to inform you.
--A1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; ada@example.org
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--A1
Content-Type: {kind}

Subject: Your points
Message-ID: <{mark}@example.org>

--A1--
"""


def report(
    status: str = "5.1.1",
    action: str = "failed",
    said: str = "smtp; 550 5.1.1 <ada@example.org>: no such user",
    mark: str = MARK,
    *,
    whole: bool = False,
) -> bytes:
    """A report about one letter: with its headers alone, or with all of it."""
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    told = {"status": status, "action": action, "said": said, "mark": mark, "kind": kind}
    return _REPORT.format(**told).encode()
