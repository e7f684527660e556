"""Bugs of what mail servers and providers refuse, and what notices them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

REFUSING = (
    Bug(
        "a mail server that takes nothing from us refuses every letter for good",
        "surfaces/senders/email/smtp.py",
        "    if first or of_us(why.code, why.message):\n",
        "    if False:\n",
        "checks.who_refuses_us",
    ),
    Bug(
        "a limit of a day that is said at the recipient refuses the letter",
        "surfaces/senders/email/smtp.py",
        "    if first or of_us(why.code, why.message):\n",
        "    if first:\n",
        "checks.who_refuses_us",
    ),
    Bug(
        "a letter that is too large stops all others",
        "surfaces/senders/email/smtp.py",
        "isinstance(why, SMTPSenderRefused) and not of_the_letter(why.code, why.message)",
        "isinstance(why, SMTPSenderRefused)",
        "checks.a_large_letter_stops_none",
    ),
)


def who_refuses_us(_: Shop) -> None:
    from tests.runtime.working.senders import test_email as tests
    from tests.runtime.working.senders.post_office import post_office

    limit = "550 5.4.5 Daily user sending limit exceeded."
    with post_office() as office:
        tests.test_who_refuses_us_refuses_no_letter(office, limit)
        tests.test_who_refuses_us_says_so_at_the_recipient(office, limit)


def a_large_letter_stops_none(_: Shop) -> None:
    from tests.runtime.working.senders import test_email as tests
    from tests.runtime.working.senders.post_office import post_office

    with post_office() as office:
        tests.test_a_letter_that_is_too_large_is_itself_at_fault(office, "552 5.3.4 too big")


REFUSED: dict[str, Callable[[Shop], None]] = {
    check.__name__: check for check in (who_refuses_us, a_large_letter_stops_none)
}
