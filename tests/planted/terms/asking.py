"""Bugs of surveys, and the tests that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_ANSWERS = "flows/telling/surveys/answer_surveys.py"
_RULES = "records/outbox/surveys/rules.py"
SURVEYS = (
    Bug(
        "of two at once the last answer counts",
        "records/outbox/surveys/write.py",
        "    on conflict do nothing returning invitation_id\n",
        "    on conflict (program_id, invitation_id) do update set score = excluded.score\n"
        " returning invitation_id\n",
        "checks.two_at_once_one_answer",
    ),
    Bug(
        "an invitation is open for ever",
        _ANSWERS,
        "    if tx.now >= there.expires_at:\n",
        "    if False:\n",
        "checks.answers_come_in_time",
    ),
    Bug(
        "a closed survey is answered",
        _ANSWERS,
        '    if survey.state == "closed":\n',
        "    if False:\n",
        "checks.answers_come_in_time",
    ),
    Bug(
        "whoever gave 6 is content",
        _RULES,
        "score > low else now",
        "score >= low else now",
        "checks.the_unhappy_are_somebodys",
    ),
    Bug(
        "two surveys ask the same member in one week",
        "flows/telling/surveys/invite_members.py",
        "    if last is not None and tx.now < last + days:\n",
        "    if False:\n",
        "checks.asked_seldom",
    ),
    Bug(
        "whoever was asked not long ago is written to by a campaign that asks",
        "flows/telling/campaigns/take_messages.py",
        "    return [(one, spared.get(one.message_id, said)) for one, said in verdicts]\n",
        "    return list(verdicts)\n",
        "checks.a_campaign_spares_who_was_asked",
    ),
    Bug(
        "whoever gets no letter for want of its offer counts as asked",
        "flows/telling/campaigns/take_messages.py",
        "for (one, _), can in zip(asking, could, strict=True) if not can}",
        "for (one, _), can in zip(asking, could, strict=True) if can is None}",
        "checks.nobody_counts_as_asked_without_a_letter",
    ),
    Bug(
        "a page that was opened before drops what a colleague saved",
        "surfaces/console/terms/campaigns/journeys/pages.py",
        'if form.get("version") and form.whole("version") != found.version:',
        'if form.get("version") == "none":',
        "checks.a_colleagues_steps_stay",
    ),
    Bug(
        "a review in public is asked of promoters alone",
        "surfaces/card/coming_in/asking.py",
        "            review=(found.survey.review_url, found.survey.review_site),\n",
        "            review=(found.survey.review_url if (score or 0) >= 9 else '', "
        "found.survey.review_site),\n",
        "checks.a_review_is_asked_alike",
    ),
    Bug(
        "whoever was led to a step that is taken out is led nowhere",
        "surfaces/console/terms/campaigns/journeys/building.py",
        "        steps = [_past(step, id_, onto) for step in steps]\n",
        "",
        "checks.a_journey_is_built",
    ),
    Bug(
        "a step that is put in is kept before it is saved",
        "surfaces/console/terms/campaigns/journeys/pages.py",
        "    if at:\n        full",
        "    plan = other\n    if False:\n        full",
        "checks.a_journey_is_built",
    ),
    Bug(
        "the score of a survey counts in no NPS",
        "insight/metrics/reading/accounts.py",
        "v.kind in ('nps', 'csat') and a.score is not null\n           and a.answered_at >= $2",
        "v.kind in ('csat') and a.score is not null\n           and a.answered_at >= $2",
        "checks.answers_count_everywhere",
    ),
    Bug(
        "a segment of promoters does not know who answered a survey",
        "insight/segments/questions.py",
        "v.kind = {kind} and a.score is not null",
        "v.kind = {kind} and false",
        "checks.answers_count_everywhere",
    ),
)
_TESTS = {
    "answers_come_in_time": "an_answer_comes_in_time_and_while_it_is_open",
    "the_unhappy_are_somebodys": "an_unhappy_answer_is_somebodys_and_ends_with_what_came_of_it",
    "two_at_once_one_answer": "of_two_at_once_the_first_counts",
    "asked_seldom": "who_was_asked_lately_is_not_asked_by_another_survey",
}


def asks(shop: Shop) -> None:
    """A program of its own with two surveys."""
    from tests.flows.terms.segments import test_surveys as tests

    from regulars.flows.telling.surveys.keep_surveys import keep_surveys

    shop.begin(tests.SOURCE, slug=f"a{os.urandom(4).hex()}")
    for code in ("recommend", "content"):
        shop.ask(keep_surveys, tests.kept(code))


def _test(name: str) -> Callable[[Shop], None]:
    """A check that is one test of surveys."""

    def check(shop: Shop) -> None:
        from tests.flows.terms.segments import test_surveys as tests

        asks(shop)
        getattr(tests, f"test_{name}")(shop)

    return check


def answers_count_everywhere(shop: Shop) -> None:
    from tests.flows.terms.segments import test_answers as tests

    asks(shop)
    tests.test_an_answer_counts_in_metrics_and_segments_beside_what_was_told_before(shop)


def _by_letter(name: str) -> Callable[[Shop], None]:
    """A check that is one test of letters that ask."""

    def check(shop: Shop) -> None:
        from tests.runtime.working.letters import test_asking_by_letter as tests
        from tests.runtime.working.letters.journeying import Journeying
        from tests.runtime.working.senders.post_office import post_office, provider

        with post_office() as office, provider() as sms:
            getattr(tests, f"test_{name}")(Journeying(shop, office, sms))

    return check


def _counter(module: str, name: str) -> Callable[[Shop], None]:
    """A check that is one test at a counter."""

    def check(shop: Shop) -> None:
        from importlib import import_module

        from tests.surfaces.counter import Counter

        from regulars.records.program.templates import load_template

        shop.begin(load_template("coffee-shop"), slug=f"a{os.urandom(4).hex()}")
        getattr(import_module(f"tests.surfaces.{module}"), f"test_{name}")(Counter(shop))

    return check


ALONE = {check: _test(name) for check, name in _TESTS.items()} | {
    "a_campaign_spares_who_was_asked": _by_letter(
        "a_segment_is_asked_and_whoever_was_asked_lately_is_spared"
    ),
    "nobody_counts_as_asked_without_a_letter": _by_letter(
        "nobody_counts_as_asked_who_gets_no_letter"
    ),
    "a_colleagues_steps_stay": _counter(
        "console.terms.test_journeys_built",
        "what_a_colleague_saved_meanwhile_is_not_dropped_unseen",
    ),
    "a_review_is_asked_alike": _counter(
        "card.test_surveys", "a_review_is_asked_of_everybody_alike_whatever_they_said"
    ),
    "a_journey_is_built": _counter(
        "console.terms.test_journeys_built", "a_marketer_builds_one_with_each_kind_of_step"
    ),
    "answers_count_everywhere": answers_count_everywhere,
}
