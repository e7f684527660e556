"""Bugs of what Klaviyo is told and asked, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_TYPES = "records/outbox/klaviyo/types.py"
_TELLS = "surfaces/connect/klaviyo/telling.py"
KLAVIYO = (
    Bug(
        "an event that is sent again is a second one",
        "surfaces/connect/klaviyo/metrics.py",
        '"unique_id": shown("evt", event.event_id),',
        '"unique_id": shown("evt", event.event_id) + now.isoformat(),',
        "checks.klaviyo_hears_once",
    ),
    Bug(
        "a yes that is sent late undoes a no from there",
        _TYPES,
        "return theirs.no_at is not None and theirs.no_at <= given_at",
        "return True",
        "checks.klaviyo_undoes_no_no",
    ),
    Bug(
        "an old yes is told though a no stands",
        _TELLS,
        'if word.state == "withdrawn":',
        "if False:",
        "checks.klaviyo_hears_what_stands",
    ),
    Bug(
        "a no from there takes back a later yes",
        _TYPES,
        "at = min(theirs.no_at or now, now)",
        "at = now",
        "checks.klaviyo_is_heard",
    ),
    Bug(
        "a subscription there is a yes here",
        _TYPES,
        "if not takes_yes or theirs.ours or",
        "if theirs.ours or",
        "checks.klaviyo_says_no_yes",
    ),
    Bug(
        "a page that is cut off is passed over",
        _TYPES,
        'same = {"page": "", "seen_to": None} if anew else {}',
        'same = {"page": "", "read_to": now}',
        "checks.klaviyo_is_read_to_its_end",
    ),
    Bug(
        "what is refused holds its line up",
        "surfaces/senders/hooks/courier.py",
        "refused = bag.sends is not None and status in NEVER",
        "refused = False",
        "checks.klaviyo_refuses_one",
    ),
    Bug(
        "who was erased stays there",
        _TELLS,
        "if event.type == ERASED:",
        'if event.type == ERASED + "!":',
        "checks.klaviyo_forgets",
    ),
    Bug(
        "who is erased while everybody is told of stays there",
        "runtime/working/hooks/klaviyo/marketer.py",
        "await forget_erased(self._send, known.account, gone)\n"
        "        except TimeoutError:\n            raise NotTold(_SLOW) from None\n\n    def",
        "await forget_erased(self._send, known.account, {})\n"
        "        except TimeoutError:\n            raise NotTold(_SLOW) from None\n\n    def",
        "checks.klaviyo_forgets_meanwhile",
    ),
    Bug(
        "by another key only what is new is heard",
        "flows/telling/hooks/klaviyo/keep_link.py",
        'after = replace(after, read_to=BEGINNING, page="", seen_to=None, bulk="")',
        'after = replace(after, page="", seen_to=None)',
        "checks.klaviyo_is_heard_by_another_key",
    ),
    Bug(
        "a job is taken for done before it is",
        "surfaces/connect/klaviyo/jobs.py",
        '"queued": "going", "processing": "going",',
        '"queued": "going", "processing": "done",',
        "checks.klaviyo_takes_many",
    ),
    Bug(
        "whom a job refuses is told by nobody",
        "runtime/working/hooks/klaviyo/marketer.py",
        "missed = await tell_singly(self._send, known, refused)",
        "missed = refused",
        "checks.klaviyo_takes_many",
    ),
    Bug(
        "whoever is erased while a job runs is there again",
        "runtime/working/hooks/klaviyo/marketer.py",
        "                await forget_erased(self._send, known.account, gone)\n"
        "        except TimeoutError:\n            raise NotTold(_SLOW) from None\n"
        "        after = walked(",
        "                await forget_erased(self._send, known.account, gone[:0])\n"
        "        except TimeoutError:\n            raise NotTold(_SLOW) from None\n"
        "        after = walked(",
        "checks.klaviyo_takes_many",
    ),
    Bug(
        "a job that is gone is waited for for ever",
        "surfaces/connect/klaviyo/jobs.py",
        'if why.why == "it answers 404":',
        'if why.why == "it answers 405":',
        "checks.klaviyos_job_is_begun_anew",
    ),
    Bug(
        "a key goes to another address",
        "flows/telling/hooks/klaviyo/keep_link.py",
        'if before is not None and wish.address not in ("", before.address) and not wish.keys:',
        "if before is not None and wish.address is None and not wish.keys:",
        "checks.klaviyos_key_goes_nowhere",
    ),
    Bug(
        "a word that changes is told nobody",
        "flows/telling/said/agreeing.py",
        "*raise_versions(tx, raised), *tell(tx, told)",
        "*raise_versions(tx, raised)",
        "checks.klaviyo_hears_what_stands",
    ),
)


def _told(name: str) -> Callable[[Shop], None]:
    def check(shop: Shop) -> None:
        from tests.surfaces.connect.klaviyo import test_told
        from tests.surfaces.connect.klaviyo.town import KlaviyoTown

        getattr(test_told, f"test_{name}")(KlaviyoTown(shop))

    return check


def klaviyo_forgets_meanwhile(shop: Shop) -> None:
    from tests.surfaces.connect.klaviyo import test_meanwhile
    from tests.surfaces.connect.klaviyo.town import KlaviyoTown

    town = KlaviyoTown(shop)
    test_meanwhile.test_who_is_erased_while_everybody_is_told_of_is_forgotten_there(town)


def klaviyo_takes_many(shop: Shop) -> None:
    import pytest
    from tests.surfaces.connect.klaviyo import test_meanwhile as tests
    from tests.surfaces.connect.klaviyo.town import KlaviyoTown

    with pytest.MonkeyPatch.context() as patch:
        tests.test_many_are_told_of_by_jobs_that_are_asked_after_and_what_they_refuse_is_kept(
            KlaviyoTown(shop), patch
        )


def klaviyos_job_is_begun_anew(shop: Shop) -> None:
    import pytest
    from tests.surfaces.connect.klaviyo import test_meanwhile as tests
    from tests.surfaces.connect.klaviyo.town import KlaviyoTown

    with pytest.MonkeyPatch.context() as patch:
        tests.test_a_job_that_is_gone_is_begun_anew_and_a_pause_is_kept(KlaviyoTown(shop), patch)


def klaviyos_key_goes_nowhere(shop: Shop) -> None:
    from tests.surfaces.connect.klaviyo.test_connected import (
        test_a_key_is_kept_encrypted_and_goes_to_no_other_address,
    )
    from tests.surfaces.counter import Counter

    test_a_key_is_kept_encrypted_and_goes_to_no_other_address(Counter(shop))


KLAVIYO_CHECKS: dict[str, Callable[[Shop], None]] = {
    "klaviyo_hears_once": _told("what_happens_is_told_once_with_the_profile_it_happened_to"),
    "klaviyo_undoes_no_no": _told("who_said_no_there_since_is_not_subscribed_by_an_older_yes"),
    "klaviyo_hears_what_stands": _told("consent_goes_there_as_what_stands"),
    "klaviyo_is_heard": _told("who_unsubscribes_there_is_left_alone_here"),
    "klaviyo_says_no_yes": _told("a_subscription_there_is_none_here_unless_the_program_says_so"),
    "klaviyo_is_read_to_its_end": _told(
        "what_changed_there_is_read_page_by_page_and_goes_on_where_it_was"
    ),
    "klaviyo_refuses_one": _told("what_is_refused_holds_nobody_up"),
    "klaviyo_forgets": _told("of_who_was_erased_the_account_is_asked_to_forget"),
    "klaviyo_forgets_meanwhile": klaviyo_forgets_meanwhile,
    "klaviyo_is_heard_by_another_key": _told("by_another_key_what_was_said_there_earlier_is_heard"),
    "klaviyo_takes_many": klaviyo_takes_many,
    "klaviyos_job_is_begun_anew": klaviyos_job_is_begun_anew,
    "klaviyos_key_goes_nowhere": klaviyos_key_goes_nowhere,
}
