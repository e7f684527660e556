"""Bugs about reviews and the like, and their tests as the checks that must notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_TOLD = "engine/checking/telling.py"
_ONCE = "checks.advocacy_each_member_reviews_a_product_once_also_twice_in_one_batch"
_WAITS = "checks.advocacy_points_wait_until_somebody_approves_and_limits_are_those_of_the_rule"
_WHY = "checks.advocacy_what_is_not_approved_says_why_and_may_be_told_again"
_PROOF = "checks.advocacy_without_proof_or_subject_nothing_is_kept"
ADVOCACY = (
    Bug("a product is reviewed as often as one likes", _TOLD, "if key in told:", "if 0:", _ONCE),
    Bug(
        "twice in one batch is once each",
        _TOLD,
        "    told.setdefault(key, set()).add(activity.activity_id)\n",
        "",
        _ONCE,
    ),
    Bug(
        "one member's review is everybody's",
        "records/activity/read.py",
        "join activity a on a.program_id = $1 and a.member_id = f.member_id and a.kind",
        "join activity a on a.program_id = $1 and a.kind",
        _ONCE,
    ),
    Bug("a review without proof counts", _TOLD, "if said.proof and not", "if 0 and not", _PROOF),
    Bug(
        "a review of nothing counts",
        _TOLD,
        "    if key is None:",
        "    if False:",
        _PROOF,
    ),
    Bug(
        "a capital makes another product of it",
        _TOLD,
        'return " ".join(subject.casefold().split())',
        'return " ".join(subject.split())',
        "checks.advocacy_capitals_and_blanks_make_no_other_thing_of_it",
    ),
    Bug(
        "what was told before is compared to the letter",
        "flows/batch/advocating.py",
        "told.setdefault((who, kind, plain(subject)), set())",
        "told.setdefault((who, kind, subject), set())",
        "checks.advocacy_capitals_and_blanks_make_no_other_thing_of_it",
    ),
    Bug(
        "points are there before anybody looked",
        "engine/deciding/pending.py",
        "needs.approved.get(kind) or needs.waits",
        "needs.waits",
        _WAITS,
    ),
    Bug(
        "whatever is not approved needs no reason",
        "flows/recording/confirm_activities.py",
        'if outcome == "cancelled" and activity_id in batch.actions',
        'if outcome == "none" and activity_id in batch.actions',
        _WHY,
    ),
    Bug(
        "who tells of reviews approves them",
        "flows/recording/confirm_activities.py",
        'if command.may == "tell" and moderated:',
        "if False:",
        "checks.advocacy_who_tells_of_reviews_does_not_approve_them_nor_the_other_way_round",
    ),
    Bug(
        "the reason is told to nobody",
        "engine/deciding/pending.py",
        'payload |= {"reason": reason} if reason else {}',
        "payload |= {}",
        _WHY,
    ),
    Bug(
        "what is not approved was told for ever",
        "records/activity/read.py",
        "and (l.state = 'cancelled'\n",
        "and (l.state = 'nothing'\n",
        _WHY,
    ),
    Bug(
        "two who are one tell of it twice",
        "records/activity/read.py",
        "select a.member_id, a.into_id from member_alias a\n     where a.program_id = $1 and",
        "select a.member_id, a.into_id from member_alias a\n     where a.program_id <> $1 and",
        "checks.advocacy_two_who_are_one_told_of_it_once",
    ),
)


def _test(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.flows.members.playing import test_advocacy as tests

        shop.begin(tests.WORDS, slug=f"words-{os.getpid()}")
        getattr(tests, f"test_{name}")(tests.met(shop))

    return check


ADVOCATING: Final = {
    bug.check.removeprefix("checks."): _test(bug.check.removeprefix("checks.advocacy_"))
    for bug in ADVOCACY
}
