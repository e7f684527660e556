"""Bugs in ladders beside the tiers; the tests of each part of them notice."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from inspect import signature
from typing import Any, Final

from tests.planted.bug import Bug
from tests.planted.tiers.bugs import _opens

_CREDIT: Final = "engine/ladder/credit.py"
_TERMS: Final = "engine/terms.py"
_FORETOLD: Final = "flows/membership/tiers/foretell_ladders.py"
FURTHER: Final = "engine/ladder/further.py"
CLUBS: Final = (
    Bug(
        "what was bought after a late visit stays as the club saw it",
        "engine/restating/late.py",
        "if sees == Seen(sale.steps.tier, further.seen_then(version, sale.steps)):",
        "if sees.tier == sale.steps.tier:",
        "checks.club_rolling__what_was_bought_after_a_late_visit_earns_on_the_step_it_reaches",
    ),
    Bug(
        "what is told late sees the club of today",
        "engine/restating/late.py",
        "return Seen(tier, further.seen(version, then, scene.facts, at))",
        "return Seen(tier, further.seen(version, state, scene.facts, now))",
        "checks.club_rolling__a_late_visit_sees_the_club_as_it_was_then",
    ),
    Bug(
        "a late return leaves the club its credit",
        "engine/restating/story.py",
        "    for counts in every(version):\n",
        "    for counts in measured(version):\n",
        "checks.club_rolling__a_return_told_late_takes_back_what_the_club_gave_since",
    ),
    Bug(
        "however many days a club says, they are those of a year",
        "records/program/parts/measuring.py",
        "        rolling_days=ladder.rolling_days,\n",
        "",
        "checks.club_rolling__days_that_roll_as_read_off_from_what_is_left",
    ),
    Bug(
        "what is asked of a challenge counts from the beginning of the year",
        FURTHER,
        "giving.begin(quiet, scratch, then, given, at, given.had)",
        "giving.begin(quiet, scratch, then, given, at, 0)",
        "checks.club_by_hand__a_club_elsewhere_is_matched_and_kept_by_visits_in_time",
    ),
    Bug(
        "a gift of the club is never over",
        FURTHER,
        "            if one.closed_at is not None and one.closed_at <= now:\n",
        "            if False:\n",
        "checks.club_by_hand__what_was_reached_meanwhile_is_left_when_the_gift_ends",
    ),
    Bug(
        "nobody is told of a gift of the club",
        FURTHER,
        "    tell(changes, state, version, before, at)\n    return begun\n",
        "    return begun\n",
        "checks.club_by_hand__a_gift_of_the_club_holds_until_its_end_and_no_longer",
    ),
    Bug(
        "what is told late was done by nobody's friend",
        "engine/restating/story.py",
        "    scratch.grants = [one for one in state.grants if one.ladder]\n",
        "",
        "checks.club_by_hand__what_is_told_late_was_done_by_a_friend",
    ),
    Bug(
        "whoever stands on a club is placed anew, whatever was said",
        FURTHER,
        "        if one.since is None or one.since <= at:\n",
        "        if True:\n",
        "checks.club_changeovers__what_somebody_stands_on_is_kept_until_its_time_is_over",
    ),
    Bug(
        "what was before the change counts with what came after it",
        _CREDIT,
        "    if not version.counts_from:\n",
        "    if True:\n",
        "checks.club_changeovers__visits_after_the_change_do_not_reach_what_was_asked_before_it",
    ),
    Bug(
        "a club has the plan of the tiers",
        "engine/ladder/views.py",
        "tiers=tiers, changeover=ladder.changeover)",
        "tiers=tiers)",
        "checks.club_changeovers__in_full_everybody_is_placed_anew",
    ),
    Bug(
        "a step of the club that is no more is nobody's",
        _TERMS,
        "there = [replace(one, elsewhere=elsewhere(one, alone)) for one in alone]",
        "there = alone",
        "checks.club_changeovers__who_stood_on_a_step_that_is_no_more_stands_where_it_was_said",
    ),
    Bug(
        "the club before counts beside it for ever",
        _TERMS,
        "for day in (at, *ends) if day is not None",
        "for day in (at,)",
        "checks.club_changeovers__step_by_step_the_ladder_before_counts_beside_the_new_one",
    ),
    Bug(
        "another change ends what was promised to count beside it",
        _TERMS,
        "goes_on = [each for each in before.beside if counts_alike(each.ladder, one)]",
        "goes_on: list[Beside] = []",
        "checks.club_changeovers__what_counts_beside_until_a_day_does_so_through_another_change",
    ),
    Bug(
        "of two ladders that count beside the new one only the later does",
        _TERMS,
        "beside=(*one.beside, Beside(plain, at, cut.until))",
        "beside=(Beside(plain, at, cut.until),)",
        "checks.club_changeovers__two_ladders_count_beside_the_third_each_until_its_day",
    ),
    Bug(
        "only the last change of a club is known",
        _TERMS,
        "earlier = (*before.earlier, before)",
        "earlier = (before,)",
        "checks.club_changeovers__what_was_reached_two_versions_ago_is_kept",
    ),
    Bug(
        "a step of a club goes without a word",
        "engine/changing/objections.py",
        "        old = before.ladders.get(name)\n        if old is not None:\n",
        "        old = before.ladders.get(name)\n        if False:\n",
        "checks.club_changeovers__a_step_that_goes_needs_a_place_for_its_holders",
    ),
    Bug(
        "whoever was told of a step that is lost is told again",
        _FORETOLD,
        "            told_of = until\n",
        "            pass\n",
        "checks.club_notices__who_was_a_regular_before_anybody_was_told_is_told_too",
    ),
    Bug(
        "nobody is listed who climbs",
        "flows/batch/append.py",
        "        *ladders.watch(tx, looks(changes, terms, terms.at(tx.now), tx.now)),\n",
        "",
        "checks.club_notices__a_step_that_somebody_was_given_is_told_of_by_its_own_end",
    ),
    Bug(
        "who was there before is never looked at",
        _FORETOLD,
        "for name, v in views.items() for one in measured(v)}",
        "for name, v in () for one in measured(v)}",
        "checks.club_notices__who_was_a_regular_before_anybody_was_told_is_told_too",
    ),
    Bug(
        "other terms of a club let everybody wait",
        "records/standing/ladders/read.py",
        "program_id = $1 and version < $2 and",
        "false and $2::int > 0 and",
        "checks.club_notices__who_was_a_regular_before_anybody_was_told_is_told_too",
    ),
    Bug(
        "who is merged is looked at as who they were",
        "engine/moving/merge.py",
        "    changes.climbed.update((gone.member_id, stays.member_id))\n",
        "",
        "checks.club_notices__who_was_merged_is_told_as_who_they_are_now",
    ),
    Bug(
        "credit of a club counts at once",
        "records/program/parts/measuring.py",
        "credit_after_days=ladder.credit_after_days",
        "credit_after_days=0",
        "checks.club_rolling__credit_of_a_club_counts_when_nothing_can_come_back_any_more",
    ),
    Bug(
        "a step of a club is reached within the year",
        "records/program/parts/measuring.py",
        "reached=ladder.reached",
        'reached="on_activity"',
        "checks.club_rolling__a_step_of_a_club_is_reached_when_its_year_is_over",
    ),
    Bug(
        "nobody of the club may be invited",
        "records/program/parts/measuring.py",
        "s.perks, s.by, s.or_at",
        's.perks, "credit", s.or_at',
        "checks.club_by_hand__who_comes_often_enough_may_be_invited_and_stays_by_visits",
    ),
)


def _club(part: str, name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        tests = import_module(f"tests.flows.tiers.further.test_further_{part}")
        test = getattr(tests, f"test_{name}")
        asks = [*signature(test).parameters]
        if not asks:
            test()
            return
        if asks[0] == "open_shop":
            test(_opens(shop), *((1,) if asks[1:] else ()))
            return
        opened = _opens(shop)(tests.HERE)
        opened.joined("ada", "ben")
        test(opened)

    return check


ALONE: Final = {
    bug.check.removeprefix("checks."): _club(*bug.check.removeprefix("checks.club_").split("__"))
    for bug in CLUBS
    if bug.check.startswith("checks.club_")
}
