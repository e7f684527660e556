"""Of what a mail server or a provider says only the status and plain words are kept."""

from __future__ import annotations

import pytest

from regulars.records.outbox.delivery.reasons import LONGEST_REASON, kept_reason

ADA = "ada@example.org"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("550 <Ada@example.org>:\n no ada here", "550 <…>: no … here"),
        ("552 5.2.2 full; passed on to ben.sen@web.de.", "552 5.2.2 full; passed on to …."),
        ('552 5.2.2 mailbox of "Ben Sen" is full', "552 5.2.2 mailbox of … is full"),
        ("550 5.7.606 Access denied [40.92.123.4]", "550 5.7.606 Access denied […]"),
        ("The number +49 (301) 555-1234 is no telephone", "The number … is no telephone"),
        ("card 4111 1111 1111 1111", "card …"),
        ("5.1.1 550 5.1.1 no such user", "5.1.1 550 5.1.1 no such user"),
        ("'to' is missing beside 'Your code is 123456'", "'to' is missing beside …"),
        ('not sent: "Dear Ben, your code', "not sent: …"),
        (
            "421 4.7.0 see https://help.example/mail?u=ben now",
            "421 4.7.0 see https://help.example/… now",
        ),
        # Our own words, and an enhanced status amid others, stay as they are.
        ("no connection to mail.example.org:587", "no connection to mail.example.org:587"),
        ("can't be reached, it's late", "can't be reached, it's late"),
        ("said 554 5.7.1 and left", "said 554 5.7.1 and left"),
        ("  ", "no reason was given"),
    ],
)  # fmt: skip
def test_nobody_is_quoted(said: str, kept: str) -> None:
    assert kept_reason(said, ADA) == kept


@pytest.mark.parametrize("page", ["a" * 500_000, "'" * 500_000, '"' * 500_001, "1 " * 250_000])
def test_a_whole_page_of_theirs_is_looked_through_at_once(page: str) -> None:
    assert len(kept_reason(page, ADA)) <= LONGEST_REASON
