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
    Bug(
        "a mailbox that is full is as good as a wrong address",
        "surfaces/senders/email/refusals.py",
        """    if place in (("2", "2"), ("2", "0"), ("2", "4")):
        return "soft"
""",
        """    if place in (("2", "2"), ("2", "0"), ("2", "4")):
        return "hard"
""",
        "checks.full_for_now",
    ),
    Bug(
        "a server that was down marks whoever is behind it",
        "surfaces/senders/email/refusals.py",
        """    if subject in ("0", "4"):
        return "soft"
""",
        """    if subject in ("0", "4"):
        return "hard"
""",
        "checks.full_for_now",
    ),
    Bug(
        "a bare refusal is the address's, whatever it says",
        "surfaces/senders/email/refusals.py",
        "if code in _REFUSED and not _POLICY.search(said)",
        "if code in _REFUSED",
        "checks.full_for_now",
    ),
    Bug(
        "who answered STOP at the provider goes on being written to",
        "surfaces/senders/sms/http.py",
        'return Said("never", reason, back=_OF_THE_NUMBER.get(code, ""))',
        'return Said("never", reason)',
        "checks.twilio_at_once",
    ),
    Bug(
        "what a provider says of a telephone is looked for among letters",
        "flows/telling/campaigns/settle_messages.py",
        "    letters = await read.letters(tx, sorted(said), channel)\n",
        "    letters = await read.letters(tx, sorted(said))\n",
        "checks.silent_after_stop_at_the_provider",
    ),
    Bug(
        "an address on a line of its own is no link",
        "surfaces/senders/linking.py",
        "(?<![\\w/@])https?",
        "(?<= )https?",
        "checks.links_wherever_they_stand",
    ),
    Bug(
        "Hebrew is read from the left",
        "base/languages.py",
        '"fa", "he", "iw"',
        '"fa", "iw"',
        "checks.read_from_the_right",
    ),
    Bug(
        "an answer in HTML alone is thrown away",
        "surfaces/senders/email/answers.py",
        'found.get_body(("plain", "html"))',
        'found.get_body(("plain",))',
        "checks.answers_in_html",
    ),
    Bug(
        "an old program that is out of office makes a task",
        "surfaces/senders/email/answers.py",
        '        any(one not in ("no", "none", "") for one in own)\n        or str(',
        "        str(",
        "checks.answers_in_html",
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


def full_for_now(_: Shop) -> None:
    from regulars.surfaces.senders.email.refusals import of_the_address

    assert of_the_address(552, "5.2.2 mailbox full") == "soft"
    assert of_the_address(550, "5.4.7 expired") == "soft"
    assert of_the_address(550, "Sender rejected: spam") == ""


def twilio_at_once(_: Shop) -> None:
    from tests.runtime.working.senders import test_sms as tests
    from tests.runtime.working.senders.post_office import provider

    with provider() as there:
        tests.test_what_twilio_says_at_once(there, 21610, "never", False, "complaint")


def silent_after_stop_at_the_provider(shop: Shop) -> None:
    from tests.runtime.working.letters import test_silenced as tests
    from tests.runtime.working.letters.campaigning import Campaigning
    from tests.runtime.working.senders.post_office import post_office, provider

    with post_office() as office, provider() as sms:
        told = Campaigning(shop, office, sms)
        told.joins("ada", "bo")
        told.listed("ada", "bo")
        tests.test_whom_twilio_refuses_at_once_is_reached_by_letter_and_by_text_no_more(
            told, 21610, "withdrawn", "no_consent"
        )


def links_wherever_they_stand(_: Shop) -> None:
    from regulars.surfaces.senders.linking import linked

    assert linked("a\nhttps://x.test/.") == 'a<br><a href="https://x.test/">https://x.test/</a>.'


def read_from_the_right(_: Shop) -> None:
    from tests.runtime.working.senders import test_email as tests

    tests.test_a_plain_letter_and_one_that_looks_read_from_the_right("he")


def answers_in_html(_: Shop) -> None:
    from tests.runtime.working.senders.mail import test_answers as tests

    tests.test_an_answer_in_html_alone_is_read("<p>Yes</p>", "Yes")
    tests.test_what_a_machine_answers_is_no_answer("X-Autoreply: yes")


REFUSED: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        who_refuses_us,
        a_large_letter_stops_none,
        full_for_now,
        twilio_at_once,
        silent_after_stop_at_the_provider,
        links_wherever_they_stand,
        read_from_the_right,
        answers_in_html,
    )
}
