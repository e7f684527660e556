"""Bugs about what providers sign; and the tests of each as the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from tests.planted.bug import Bug

_PLACE = "surfaces/connect/inlets/providers"
_SNS, _MAILGUN = f"{_PLACE}/sns.py", f"{_PLACE}/mailgun.py"
_TWILIO = f"{_PLACE}/twilio.py"
SIGNATURES = (
    Bug(
        "what Mailgun did not sign comes in",
        _MAILGUN,
        "if not key or not hmac.compare_digest(made.encode(), signature.encode()):",
        "if not key:",
        "checks.signed_nothing_forged_old_or_garbled_comes_in",
    ),
    Bug(
        "without a key everything is signed with none",
        _MAILGUN,
        "if not key or not hmac",
        "if not hmac",
        "checks.signed_without_a_key_nothing_of_mailgun_comes_in",
    ),
    Bug(
        "what Mailgun signed is good for ever",
        _MAILGUN,
        "if not -AHEAD_S <= late <= FRESH_S:",
        "if False:",
        "checks.signed_nothing_forged_old_or_garbled_comes_in",
    ),
    Bug(
        "a token of Mailgun is good for any event",
        _MAILGUN,
        "sent_of((MAILGUN, token), type_,",
        "sent_of((MAILGUN, token, str(event)), type_,",
        "checks.signed_a_token_that_was_used_carries_no_other_event",
    ),
    Bug(
        "any topic of SNS is ours",
        _SNS,
        'if kind not in _SIGNED or said.get("TopicArn") != topic:',
        "if kind not in _SIGNED:",
        "checks.signed_nothing_forged_comes_in_and_nobody_else_is_asked",
    ),
    Bug(
        "whoever is named is asked for the certificate",
        _SNS,
        'if (parts.scheme, parts.netloc) == ("https", host) and not parts.fragment:',
        'if parts.scheme == "https" and host in parts.netloc:',
        "checks.signed_nothing_forged_comes_in_and_nobody_else_is_asked",
    ),
    Bug(
        "any file at SNS is a certificate of SNS",
        _SNS,
        "if parts.query or _CERTIFICATE.fullmatch(parts.path) is None:",
        "if False:",
        "checks.signed_nothing_forged_comes_in_and_nobody_else_is_asked",
    ),
    Bug(
        "what SNS did not sign comes in",
        _SNS,
        "    except (InvalidSignature, Error, ValueError):\n        return False",
        "    except (InvalidSignature, Error, ValueError):\n        return True",
        "checks.signed_nothing_forged_comes_in_and_nobody_else_is_asked",
    ),
    Bug(
        "whatever SNS asks for is confirmed",
        _SNS,
        'if asks.get("Action") != ["ConfirmSubscription"] or asks.get("TopicArn") != [topic]:',
        "if False:",
        "checks.signed_a_topic_that_is_named_is_confirmed_and_no_other",
    ),
    Bug(
        "a certificate that is over still proves",
        _SNS,
        "if not (lasts and _good(",
        "if not (_good(",
        "checks.signed_a_certificate_that_is_over_or_of_another_sort_proves_nothing",
    ),
    Bug(
        "what Twilio did not sign comes in",
        _TWILIO,
        "if not token or not good:",
        "if not token:",
        "checks.signed_nothing_forged_or_garbled_comes_in",
    ),
    Bug(
        "without a token everything is signed with none",
        _TWILIO,
        "if not token or not good:",
        "if not good:",
        "checks.signed_without_a_token_nothing_of_twilio_comes_in",
    ),
    Bug(
        "a password in the address is no part of what Twilio signs",
        _TWILIO,
        'return "", f"{name}:{word}@", ',
        'return "", ',
        "checks.signed_the_address_may_be_the_one_that_stands_before_us",
    ),
    Bug(
        "whoever passes on another name keeps Twilio out",
        f"{_PLACE}/proving.py",
        "post, given.public_url)",
        "post)",
        "checks.signed_the_address_may_be_the_one_that_stands_before_us",
    ),
    Bug(
        "a text message that failed marks a letter's address",
        "flows/inlets/book_arrivals.py",
        "address = address_digest(keyed, letter.channel, name.value)",
        'address = address_digest(keyed, "email", name.value)',
        "checks.signed_a_marked_telephone_is_the_one_that_text_messages_would_go_to",
    ),
)
_MAIL: Final = {
    bug.check.removeprefix("checks.signed_") for bug in SIGNATURES if bug.file == _MAILGUN
}
_TEXT: Final = {bug.check.removeprefix("checks.signed_") for bug in SIGNATURES[-5:]}


def _check(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.makers import NOON
        from tests.surfaces.connect.inlets.sender import Sender
        from tests.surfaces.counter import Counter

        from regulars.records.program.templates import load_template

        place = "mailgun" if name in _MAIL else "twilio" if name in _TEXT else "sns"
        module = import_module(f"tests.surfaces.connect.inlets.signed.test_{place}")
        shop.begin(load_template("coffee-shop"), slug=f"signed-{os.getpid()}")
        shop.now = NOON
        counter = Counter(shop, ticks=lambda: shop.now.timestamp())  # noqa: PLW0108
        test, given = getattr(module, f"test_{name}"), {"counter": counter}
        if name in _MAIL or name in _TEXT:
            given[place] = Sender(module.signing(counter), module.MAPPING, "letters")
        else:
            given["amazon"] = amazon = module.Amazon()
            given["ses"] = Sender(module.asking(counter, amazon), module.MAPPING, "letters")
        given["there"] = "over"
        test(**{one: given[one] for one in given if one in test.__annotations__})

    return check


_NAMES = {bug.check.removeprefix("checks.signed_") for bug in SIGNATURES}
ALONE: Final = {f"signed_{name}": _check(name) for name in _NAMES}
