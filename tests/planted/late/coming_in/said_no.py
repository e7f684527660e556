"""Bugs of what members said about being written to, and the tests that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_AGREEING = "flows/telling/said/agreeing.py"
_UNITING = "flows/telling/said/uniting.py"
_KEEPING = "flows/telling/campaigns/keep_campaigns.py"
SAID_NO = (
    Bug(
        "a yes is never said after a no that is dated ahead",
        _AGREEING,
        "if not brought and one.changed_at >= now:",
        "if False:",
        "checks.said_once_more",
    ),
    Bug(
        "a file may say yes for tomorrow",
        "flows/importing/bring_consents.py",
        "if isinstance(one, Fault) or one.changed_at <= tx.now:",
        "if True:",
        "checks.nobody_agrees_tomorrow",
    ),
    Bug(
        "a merge forgets who said no",
        _UNITING,
        'if said == "withdrawn" and ours.get(channel)',
        'if said == "given" and ours.get(channel)',
        "checks.a_no_goes_along",
    ),
    Bug(
        "an unmerge takes back what was said meanwhile",
        _UNITING,
        "and told[0].source == MERGED",
        "and True",
        "checks.said_meanwhile_stays",
    ),
    Bug(
        "a no that is said twice is nobody's own",
        _AGREEING,
        'return state == "withdrawn" and was.source == MERGED',
        "return False",
        "checks.said_twice_stays",
    ),
    Bug(
        "a no at Klaviyo is lost below a yes of a clock that ran ahead",
        "records/outbox/klaviyo/types.py",
        '(ours.state == "given" and ours.changed_at > now)',
        "False",
        "checks.klaviyo_hears_a_no",
    ),
    Bug(
        "of who never agreed the address is agreed to by a merge",
        "records/members/consents/write.py",
        "said.state = 'given' and i.linked_at <=",
        "i.linked_at <=",
        "checks.silence_is_no_yes",
    ),
    Bug(
        "an address that nobody proved is agreed to by a merge",
        "records/members/consents/write.py",
        " and i.linked_at <= said.recorded_at",
        "",
        "checks.nor_by_a_merge",
    ),
    Bug(
        "a yes goes along to whatever address somebody types in",
        "records/members/consents/read.py",
        "and i.linked_at > said.recorded_at",
        "and false",
        "checks.not_to_a_stranger",
    ),
    Bug(
        "whoever touched a campaign last alone is who wrote it",
        _KEEPING,
        "if who in there.writers and",
        "if who == there.changed_by and",
        "checks.no_second_person",
    ),
    Bug(
        "what was approved for few goes to many",
        "flows/telling/campaigns/queue_campaigns.py",
        "audience * 10 > one.audience * 11",
        "False",
        "checks.for_as_many_as_approved",
    ),
    Bug(
        "whoever is merged on their way is lost on it",
        "records/outbox/campaigns/journeys/uniting/write.py",
        "update journey_run r set member_id = $3::uuid\n",
        "update journey_run r set member_id = r.member_id\n",
        "checks.goes_on_as_who_stays",
    ),
)
_NO_STANDS = {
    "said_once_more": "a_yes_after_a_no_that_is_dated_ahead_stands",
    "nobody_agrees_tomorrow": "nothing_that_a_file_says_is_dated_later_than_now",
    "klaviyo_hears_a_no": "a_no_of_klaviyo_stands_above_a_yes_that_is_dated_ahead",
}
_GOES_ALONG = {
    "a_no_goes_along": "who_listens_is_told_of_it_and_they_can_say_yes_again",
    "said_twice_stays": "undone_a_no_that_staff_heard_twice_stays",
    "said_meanwhile_stays": "undone_what_was_said_meanwhile_stays",
    "silence_is_no_yes": "an_address_of_who_never_agreed_gets_no_yes_by_a_merge",
    "nor_by_a_merge": "an_address_that_nobody_proved_gets_no_yes_by_a_merge",
    "not_to_a_stranger": "an_old_yes_does_not_go_along_to_an_address_that_nobody_proved",
}
_CAMPAIGNS = {
    "no_second_person": "whoever_wrote_any_of_it_is_no_second_person",
    "for_as_many_as_approved": "what_was_approved_for_few_does_not_go_to_many",
}
_JOURNEYS = {"goes_on_as_who_stays": "who_is_merged_on_their_way_goes_on_as_who_stays"}


def _test(name: str, module: str, joined: tuple[str, ...] = ()) -> Callable[[Shop], None]:
    """A check that is one test of who is written to; `joined` are there before it."""

    def check(shop: Shop) -> None:
        from importlib import import_module

        from tests.runtime.working.letters.journeying import Journeying
        from tests.runtime.working.senders.post_office import post_office, provider

        tests = import_module(f"tests.runtime.working.letters.{module}")
        with post_office() as office, provider() as sms:
            told = Journeying(shop, office, sms)
            if joined:
                told.joins(*joined, agrees=module.startswith("walked"))
            getattr(tests, f"test_{name}")(told)

    return check


SAID_NO_STANDS = {
    check: _test(name, module, joined)
    for module, joined, tests in (
        ("agreed.test_no_stands", ("ada",), _NO_STANDS),
        ("agreed.test_no_goes_along", (), _GOES_ALONG),
        ("test_campaigns", (), _CAMPAIGNS),
        ("walked.test_become_one", ("ada", "bo"), _JOURNEYS),
    )
    for check, name in tests.items()
}
