"""Bugs of what providers tell of letters, and the tests that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_READ = "records/outbox/bounces/read.py"
_MARKING = "flows/telling/said/marking.py"
_HEARING = "flows/inlets/hear_texts.py"
LETTERS = (
    Bug(
        "start by text message makes a yes of nothing",
        _HEARING,
        'last.state == "given" or not await _agreed(tx, who, log)):',
        'last.state == "given"):',
        "checks.start_gives_back_what_was_given",
    ),
    Bug(
        "a stop that is told again late ends what was begun since",
        _HEARING,
        "        if one.text_id in before:\n",
        "        if False:\n",
        "checks.stop_is_answered_once",
    ),
    Bug(
        "a consent dated ahead outlasts a stop",
        "flows/telling/said/agreeing.py",
        "word = one._replace(changed_at=max(one.changed_at, was.changed_at + _STEP))",
        "word = one",
        "checks.a_stop_is_the_last_word",
    ),
    Bug(
        "twilio answers what it answered itself once more",
        "surfaces/connect/inlets/providers/texts.py",
        'answered=bool(told.get("OptOutType")))',
        "answered=False)",
        "checks.answered_by_twilio_is_answered",
    ),
    Bug(
        "whoever sends any secret is the provider",
        "surfaces/connect/inlets/signing.py",
        "good |= hmac.compare_digest(given, secret_shown(secret).encode())",
        "good |= len(given) == len(secret_shown(secret))",
        "checks.only_the_secret_opens",
    ),
    Bug(
        "a full mailbox is a wrong address",
        _READ,
        "{_SOME} and kind <> 'soft'",
        "{_SOME}",
        "checks.soft_ones_mark_nothing",
    ),
    Bug(
        "a soft one takes the place of a hard one",
        "records/outbox/bounces/write.py",
        "    or bounced_address.kind = 'soft'\n",
        "    or true\n",
        "checks.soft_ones_mark_nothing",
    ),
    Bug(
        "a complaint takes back what is said after it",
        _MARKING,
        "COMPLAINED, when[who])",
        "COMPLAINED, tx.now)",
        "checks.later_words_stand",
    ),
    Bug(
        "a complaint leaves the word as it is",
        _MARKING,
        'if one.kind == "complaint"]',
        'if one.kind == "unwanted"]',
        "checks.complaints_take_words_back",
    ),
    Bug(
        "a secret that is only sent books sales",
        "surfaces/connect/inlets/letters.py",
        "if kind == LETTERS:",
        "if not kind:",
        "checks.who_only_sends_a_secret_books_nothing",
    ),
    Bug(
        "the same event in another order is another one",
        "surfaces/connect/inlets/kinds.py",
        "name = digest(_encode(found)).hex",
        "name = digest(body.hex()).hex",
        "checks.the_order_of_fields_says_nothing",
    ),
    Bug(
        "whatever a provider signed is good for anything it sends",
        "surfaces/connect/inlets/providers/keys.py",
        "    except InvalidSignature:\n        return False",
        "    except InvalidSignature:\n        return len(signature) > 60",
        "checks.only_the_providers_own_key_opens",
    ),
)
_TESTS = {
    "only_the_secret_opens": "nothing_comes_in_without_the_secret",
    "soft_ones_mark_nothing": "soft_ones_are_counted_and_mark_nothing_until_a_hard_one_comes",
    "later_words_stand": "what_is_said_after_a_complaint_stands",
    "complaints_take_words_back": "a_complaint_takes_back_the_word_for_e_mail",
    "who_only_sends_a_secret_books_nothing": "a_secret_that_is_only_sent_books_nothing",
    "the_order_of_fields_says_nothing": "fields_in_another_order_are_the_same_event",
}


def _test(name: str) -> Callable[[Shop], None]:
    """A check that is one test of letters."""

    def check(shop: Shop) -> None:
        from tests.surfaces.connect.inlets import test_letters
        from tests.surfaces.connect.inlets.sender import Sender
        from tests.surfaces.counter import Counter

        counter = Counter(shop, ticks=lambda: shop.now.timestamp())  # noqa: PLW0108
        told = {"postmark": test_letters.POSTMARK, "sendgrid": test_letters.SENDGRID}
        test = getattr(test_letters, f"test_{name}")
        wanted = [one for one in told if one in test.__annotations__]
        test(**{one: Sender(counter, told[one], "letters") for one in wanted})

    return check


def only_the_providers_own_key_opens(shop: Shop) -> None:
    from tests.surfaces.connect.inlets.sender import Sender
    from tests.surfaces.connect.inlets.signed import test_provider_keys as keys
    from tests.surfaces.counter import Counter

    counter = Counter(shop, ticks=lambda: shop.now.timestamp())  # noqa: PLW0108
    sender = Sender(counter, keys.WITH_KEY, "letters")
    keys.test_nothing_comes_in_without_both_the_signature_and_the_secret(sender)


_HEARD = {
    "start_gives_back_what_was_given": "start_gives_back_what_was_given_and_nothing_else",
    "stop_is_answered_once": "stop_ends_it_at_once_and_is_answered_once",
    "a_stop_is_the_last_word": "a_consent_dated_ahead_does_not_outlast_a_stop",
    "answered_by_twilio_is_answered": "what_twilio_answered_itself_is_heard_and_not_answered",
}


def _heard(name: str) -> Callable[[Shop], None]:
    """A check that is one test of text messages that come in."""

    def check(shop: Shop) -> None:
        from tests.surfaces.connect.inlets.sender import Sender
        from tests.surfaces.connect.inlets.signed import test_texts
        from tests.surfaces.counter import Counter

        counter = Counter(shop, ticks=lambda: shop.now.timestamp())  # noqa: PLW0108
        signed = test_texts.signing(counter)
        getattr(test_texts, f"test_{name}")(Sender(signed, test_texts.MAPPING, "letters"))

    return check


TOLD_BY_PROVIDERS = {check: _test(name) for check, name in _TESTS.items()} | {
    **{check: _heard(name) for check, name in _HEARD.items()},
    "only_the_providers_own_key_opens": only_the_providers_own_key_opens,
}
