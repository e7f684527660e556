"""Bugs in tiers given by hand, in credit that counts later, at joining and with minors; and the
tests of each as the checks that must notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_FLOORS = "engine/ladder/floors.py"
_CREDIT = "engine/ladder/credit.py"
_TIERING = "engine/deciding/tiering.py"
_FURTHER = "engine/ladder/further.py"
_GIVING = "engine/ladder/giving.py"
_JOINING = "engine/checking/joining.py"
TIERS = (
    Bug(
        "a tier given by hand never ends",
        _TIERING,
        "        stand = floors.left_at(version, state, given, ended_at, stand if soft else None)",
        "        stand = Stand(state.tier, None, 1)",
        "checks.tier_a_tier_given_by_hand_holds_until_its_end_and_not_a_second_longer",
    ),
    Bug(
        "what was reached meanwhile is forgotten",
        _FLOORS,
        "    best = _by_credit(version, state, day, step if given.kind == \"invited\" else 0)\n",
        "    best = Stand(None, None, 0)\n",
        "checks.tier_what_was_reached_meanwhile_is_left_when_it_ends",
    ),
    Bug(
        "a lower tier given is forgotten behind a higher one",
        _TIERING,
        "return floor if floor is not None and floors.better(floor, stand) else stand",
        "return stand",
        "checks.tier_a_lower_tier_given_waits_behind_the_higher_one",
    ),
    Bug(
        "credit of before counts for a challenge",
        _FLOORS,
        "had_on(version, state, given.begun_at, at) - given.had",
        "had_on(version, state, given.begun_at, at)",
        "checks.tier_a_matched_tier_is_kept_by_enough_credit_in_time",
    ),
    Bug(
        "an invitation can be accepted for ever",
        "records/standing/grants/types.py",
        "self.answer_by is not None and now < self.answer_by",
        "self.answer_by is not None",
        "checks.tier_an_invitation_is_accepted_or_ends",
    ),
    Bug(
        "a step by invitation is reached by credit",
        "engine/compiling/compile.py",
        "        while step and step != stood and not self.tier_by[step - 1]:\n",
        "        while False:\n",
        "checks.tier_an_invitation_is_accepted_or_ends",
    ),
    Bug(
        "a step by invitation is lost whatever was bought",
        _FLOORS,
        "step if given.kind == \"invited\" else 0",
        "0",
        "checks.tier_a_step_by_invitation_is_never_reached_by_credit_but_kept_by_it",
    ),
    Bug(
        "a merge leaves a tier given by hand behind",
        "records/standing/grants/read.py",
        "where a.program_id = $1 and a.into_id = any($2::uuid[])",
        "where a.program_id = $1 and a.into_id = any($2::uuid[]) and false",
        "checks.tier_merged_what_was_given_to_the_one_that_went_still_waits",
    ),
    Bug(
        "a late purchase knows nothing of what was given",
        "engine/restating/story.py",
        "        if one.begun_at is not None and not one.ladder:\n",
        "        if False:\n",
        "checks.tier_a_late_purchase_earns_at_the_tier_that_was_given_then",
    ),
    Bug(
        "ended by hand it is held on",
        _GIVING,
        "    if held is not None and held.grant_id == grant_id:\n",
        "    if False:\n",
        "checks.tier_ended_by_hand_what_was_reached_alone_is_left",
    ),
    Bug(
        "credit counts at once",
        _CREDIT,
        "        return day + tiers.credit_after_days\n",
        "        return day\n",
        "checks.later_credit_counts_when_nothing_can_come_back_any_more",
    ),
    Bug(
        "a night looks at nobody whose credit begins to count",
        "flows/midnight.py",
        "    clocked = await standing.due_by_clock(tx, most, parked)\n",
        "    clocked: set[UUID] = set()\n",
        "checks.later_credit_counts_when_nothing_can_come_back_any_more",
    ),
    Bug(
        "steps are reached before the year is over",
        _TIERING,
        'if tiers.reached == "on_activity" else 0',
        "if True else 0",
        "checks.ladder_steps_are_reached_when_the_year_is_over",
    ),
    Bug(
        "for life is for a year",
        _TIERING,
        "until = None if reached == life else until_of(version, state, day)",
        "until = until_of(version, state, day)",
        "checks.ladder_who_gathered_enough_over_the_years_keeps_it_for_life",
    ),
    Bug(
        "a cent too little is said to be missing",
        "engine/ladder/forecast.py",
        "return Missing(max(credit, 0),",
        "return Missing(max(credit - 1, 0),",
        "checks.seen_what_is_missing_to_stay_and_to_rise",
    ),
    Bug(
        "everybody is told, also who stays",
        "engine/ladder/notices.py",
        "or not found.falls(version, state.tier):",
        "or False:",
        "checks.told_thirty_days_before_it_is_lost_they_are_told_what_is_missing",
    ),
    Bug(
        "the second measure reaches nothing",
        _CREDIT,
        "step = max(step, other.compiled.tier_of(credit, stood))",
        "pass",
        "story either-spend-or-visits",
    ),
    Bug(
        "what came back whole was a visit",
        "engine/ladder/counting.py",
        "        if counts is not None and (credit or may_owe(counts)):\n",
        "        if counts is version and (credit or may_owe(counts)):\n",
        "story either-spend-or-visits",
    ),
    Bug(
        "a visit that was told late is not counted",
        "engine/restating/story.py",
        "    for counts in every(version):\n        if more",
        "    for counts in (version,):\n        if more",
        "checks.either_a_visit_that_is_told_late_makes_the_next_ones_earn_more",
    ),
    Bug(
        "the visit that crosses the line is not seen",
        _CREDIT,
        "credit = credit_on(other, state, day) + coming[1]\n",
        "credit = credit_on(other, state, day)\n",
        "checks.either_the_visit_that_crosses_the_line_earns_at_the_new_tier",
    ),
    Bug(
        "of the second measure nothing is told",
        "engine/ladder/forecast.py",
        "    if needed == UNREACHED:\n",
        "    if version.secondary:\n",
        "checks.either_what_is_missing_is_told_of_each_measure",
    ),
    Bug(
        "a step that asks for no visits is everybody's",
        "engine/compiling/compile.py",
        "        found.append(above if",
        "        found.append(0 if above == UNREACHED else above if",
        "checks.either_a_step_that_asks_for_no_visits_is_reached_by_none",
    ),
    Bug(
        "the rules see no further ladder",
        _FURTHER,
        "        held.update(view.compiled.tiers[:step])\n",
        "        pass\n",
        "story status-and-a-club",
    ),
    Bug(
        "a reward knows only the first ladder",
        _FURTHER,
        "return stands > view.compiled.tiers.index(tier)",
        "return True",
        "story status-and-a-club",
    ),
    Bug(
        "what came back still counts for the club",
        _FURTHER,
        "    if not steps.further:\n",
        "    if True:\n",
        "story status-and-a-club",
    ),
    Bug(
        "the club never forgets",
        _FURTHER,
        "    tiering.review(quiet, scratch, view, now)\n    scratch.counters",
        "    scratch.counters",
        "story status-and-a-club",
    ),
    Bug(
        "nobody is told of the club",
        _FURTHER,
        "        if steps[0] != steps[1] and changes.history is None:\n",
        "        if False:\n",
        "story status-and-a-club",
    ),
    Bug(
        "nobody asks who may climb by waiting for a second measure",
        "insight/verify/climbing.py",
        "enumerate(counters if window",
        "enumerate(counters[:1] if window",
        "checks.either_verify_asks_of_each_measure_who_may_climb_by_waiting",
    ),
    Bug(
        "two ladders share what they count",
        "engine/compiling/counters.py",
        '(f":{ladder}" if ladder else "")',
        '""',
        "checks.further_two_ladders_of_one_measure_count_apart",
    ),
    Bug(
        "a club is left out without a word",
        "engine/changing/objections.py",
        '"warning", f"ladder:{name}"',
        '"warning"',
        "checks.further_whoever_leaves_it_out_has_to_say_that_it_is_meant",
    ),
    Bug(
        "the birthday is a day late",
        _JOINING,
        "(today.month, today.day) < (birthday.month, birthday.day)",
        "(today.month, today.day) <= (birthday.month, birthday.day)",
        "checks.join_on_the_birthday_they_are_old_enough",
    ),
    Bug(
        "a child answers for a child",
        _JOINING,
        "    return age_on(gate.today, guardian) >= gate.join.of_age\n",
        "    return True\n",
        "checks.join_a_member_of_age_answers_for_a_child",
    ),
    Bug(
        "a card gets its person by a telephone number",
        "flows/membership/link_identifiers.py",
        "    if gate is not None and after.member.state != desk.members[whom].state:\n",
        "    if False:\n",
        "checks.join_a_card_earns_and_gets_its_person_only_by_joining",
    ),
    Bug(
        "minors spend what they like in one batch",
        "engine/deciding/redeem.py",
        "            spender.allowance[name] = spender.allowance.get(name, 0) - price\n",
        "            pass\n",
        "checks.minor_of_one_batch_the_limit_holds_too",
    ),
    Bug(
        "what a minor gave back stays spent",
        "records/rewards/read.py",
        "   and (r.state = 'captured' or (r.state = 'held' and r.lapses_at > $4))\n",
        "   and $4::timestamptz is not null\n",
        "checks.minor_what_was_given_back_may_be_spent_again",
    ),
    Bug(
        "what a minor reserved counts whole, however little they took",
        "records/rewards/read.py",
        "case h.state when 'open' then h.amount else h.captured end as points",
        "h.amount as points",
        "checks.minor_of_what_was_reserved_only_the_part_that_was_taken_is_spent",
    ),
)  # fmt: skip


def _opens(shop: Any) -> Callable[..., Any]:
    """A shop of its own for a test that opens one."""

    def opened(source: str) -> Any:
        _opens.count += 1  # type: ignore[attr-defined]
        number = _opens.count  # type: ignore[attr-defined]
        shop.begin(source, slug=f"tier-{os.getpid()}-{number}")
        return shop

    return opened


_opens.count = 0  # type: ignore[attr-defined]


def _by_hand(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.flows.tiers import houses, test_by_hand

        _opens(shop)(houses.MAISON).joined("ada", "ben")
        getattr(test_by_hand, f"test_{name}")(shop)

    return check


def _later(shop: Any) -> None:
    from tests.flows.tiers import test_credit_later as tests

    _opens(shop)(tests.LATER).joined("ada")
    tests.test_credit_counts_when_nothing_can_come_back_any_more(shop)


def _ladder(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.tiers import test_credit_later as tests

        getattr(tests, f"test_{name}")(_opens(shop))

    return check


def _seen(shop: Any) -> None:
    from tests.flows.tiers import houses, test_forecast

    _opens(shop)(houses.MAISON).joined("ada")
    test_forecast.test_what_is_missing_to_stay_and_to_rise(shop)


def _told(shop: Any) -> None:
    from tests.flows.tiers import test_notices as tests

    tests.thirty_days_before(_opens(shop)(tests.NOTICES))
    tests.test_thirty_days_before_it_is_lost_they_are_told_what_is_missing(shop)


def _either(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.tiers import test_either as tests

        test = getattr(tests, f"test_{name}")
        if name in ("what_is_missing_is_told_of_each_measure",
                    "a_visit_that_is_told_late_makes_the_next_ones_earn_more"):  # fmt: skip
            _opens(shop)(tests.PLAIN).joined("ada", "ben")
            test(shop)
        else:
            test(_opens(shop))

    return check


def _further(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.tiers.further import test_further as tests

        opened = _opens(shop)(tests.PLAIN)
        opened.joined("ada", "ben")
        getattr(tests, f"test_{name}")(opened)

    return check


def _join(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.members import test_who_may_join as tests

        getattr(tests, f"test_{name}")(_opens(shop))

    return check


def _minor(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.points.choosing import test_minors as tests

        getattr(tests, f"test_{name}")(tests.family(_opens(shop)(tests.MINORS)))

    return check


_EITHER = {bug.check.removeprefix("checks.either_") for bug in TIERS if ".either_" in bug.check}
_FURTHERS = [b.check.removeprefix("checks.further_") for b in TIERS if ".further_" in b.check]
_BY_HAND = {bug.check.removeprefix("checks.tier_") for bug in TIERS if ".tier_" in bug.check}
ALONE: Final = {
    **{f"tier_{name}": _by_hand(name) for name in _BY_HAND},
    **{f"either_{name}": _either(name) for name in _EITHER},
    **{f"further_{name}": _further(name) for name in _FURTHERS},
    "later_credit_counts_when_nothing_can_come_back_any_more": _later,
    **{
        f"ladder_{name}": _ladder(name)
        for name in (
            "steps_are_reached_when_the_year_is_over",
            "who_gathered_enough_over_the_years_keeps_it_for_life",
        )
    },
    "seen_what_is_missing_to_stay_and_to_rise": _seen,
    "told_thirty_days_before_it_is_lost_they_are_told_what_is_missing": _told,
    **{
        f"join_{name}": _join(name)
        for name in (
            "on_the_birthday_they_are_old_enough",
            "a_member_of_age_answers_for_a_child",
            "a_card_earns_and_gets_its_person_only_by_joining",
        )
    },
    **{
        f"minor_{name}": _minor(name)
        for name in (
            "of_one_batch_the_limit_holds_too",
            "what_was_given_back_may_be_spent_again",
            "of_what_was_reserved_only_the_part_that_was_taken_is_spent",
        )
    },
}
