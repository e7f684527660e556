"""Bugs in memberships that people pay for; and the tests of each as the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug
from tests.planted.tiers.bugs import _opens

_LIFE = "engine/rewarding/plans/life.py"
_FEES = "engine/rewarding/plans/fees.py"
_POINTS = "engine/rewarding/plans/points.py"
_FLOW = "flows/membership/plans/keep_memberships.py"
LIVED = (
    Bug(
        "a change while the next term is paid loses what runs of this one",
        _LIFE,
        '    if one.from_at > now:\n        facts = {"from_at"',
        '    if False:\n        facts = {"from_at"',
        "checks.plan_while_the_next_term_is_paid_nobody_changes_at_once_and_loses_what_runs",
    ),
    Bug(
        "the trial of one plan opens every other",
        _LIFE,
        "return no_trial() if one.in_trial and plan.trial is None else None",
        "return None",
        "checks.plan_a_trial_goes_on_only_in_a_plan_that_has_one",
    ),
    Bug(
        "who cancels and goes on was never told of a higher fee",
        _LIFE,
        "told = (None, None) if at_once else _notice(one)",
        "told = (None, None)",
        "checks.plan_a_cancellation_that_was_not_meant_leaves_the_notice_of_a_higher_fee",
    ),
    Bug(
        "the 31st never comes back",
        _LIFE,
        "(one.until_at, 1) if fresh else (one.anchor_at, one.terms + 1)",
        "(one.until_at, 1)",
        "checks.plan_a_month_from_the_31st_ends_on_the_28th_and_the_31st_comes_back",
    ),
    Bug(
        "everybody has as many trials as they like",
        _FLOW,
        "if command.trial and mine & work.taken:",
        "if False:",
        "checks.plan_a_trial_is_free_and_had_once_by_each_person",
    ),
    Bug(
        "an address with a plus is another person",
        "records/members/mailbox.py",
        'local.partition("+")[0]',
        "local",
        "checks.plan_another_spelling_of_an_address_has_no_second_trial",
    ),
    Bug(
        "a merge forgets a trial",
        _FLOW,
        "            work.taken.add(member_id)",
        "            pass",
        "checks.plan_who_was_merged_takes_their_trial_along",
    ),
    Bug(
        "a late payment begins when it comes",
        _LIFE,
        "terms=terms, from_at=one.until_at,",
        "terms=terms, from_at=max(now, one.until_at),",
        "checks.plan_a_payment_in_the_grace_begins_where_the_term_ended",
    ),
    Bug(
        "frozen benefits go on",
        _LIFE,
        'plan is None or plan.meanwhile == "frozen"',
        "plan is None",
        "checks.plan_benefits_are_frozen_where_the_plan_says_so",
    ),
    Bug(
        "a pause costs its time",
        _LIFE,
        "    ends = one.until_at + stood\n",
        "    ends = one.until_at\n",
        "checks.plan_a_pause_stops_the_clock_and_ends_by_itself",
    ),
    Bug(
        "the rest of a term is rounded down",
        _FEES,
        "(2 * amount * part + whole) // (2 * whole)",
        "amount * part // whole",
        "checks.plan_a_longer_plan_begins_now_with_the_rest_taken_off",
    ),
    Bug(
        "a higher fee is asked for at once",
        _FEES,
        'add_span(version.zone, one.told_at, f"{plan.price_notice} days") <= one.until_at',
        "True",
        "checks.plan_a_higher_fee_is_asked_for_once_it_was_told_in_time",
    ),
    Bug(
        "a change of plan that is taken back takes the notice of a higher fee along",
        _LIFE,
        "        told_minor=told[0],\n        told_at=told[1],\n        next_minor=fee_of",
        "        told_minor=None,\n        told_at=None,\n        next_minor=fee_of",
        "checks.plan_a_change_of_plan_that_is_taken_back_leaves_the_notice_of_a_higher_fee",
    ),
    Bug(
        "nobody is told that a rise is off, and a notice of it counts months later",
        _FEES,
        "return fee if fee < one.told_minor else None",
        "return None",
        "checks.plan_a_rise_that_is_taken_back_is_told_and_what_follows_is_told_anew",
    ),
    Bug(
        "who was told of more than is asked was told today",
        _LIFE,
        "= (fee, one.told_at or now)",
        "= (fee, now)",
        "checks.plan_a_smaller_rise_than_told_keeps_the_day_it_was_told",
    ),
    Bug(
        "a refund leaves the points",
        _POINTS,
        "wanted = units_back(one, one.paid_minor + step.amount_minor)",
        "wanted = 0",
        "checks.plan_refunded_points_go_in_proportion_and_with_the_last_of_the_money_it_ends",
    ),
    Bug(
        "a payment card is not looked at",
        _FLOW,
        '            mine.update(identities(terms.slug, "payment", card))\n',
        "            pass\n",
        "checks.plan_a_trial_is_free_and_had_once_by_each_person",
    ),
    Bug(
        "a payment told again is another payment",
        _FLOW,
        'return natural_key(command.source, command.external_id, f"membership.{what}")',
        "return None",
        "checks.plan_the_same_payment_told_again_is_one_payment",
    ),
)
PAID = (
    Bug(
        "a change at once brings the points of a whole term",
        _FLOW,
        'if step.what == "paid" or (step.what == "started"',
        'if step.what in ("paid", "changed") or (step.what == "started"',
        "checks.paid_a_change_at_once_brings_no_points_and_going_there_and_back_gains_none",
    ),
    Bug(
        "a change is priced by what was paid",
        _FEES,
        "_share(fee - one.fee_minor, _left",
        "_share(fee - one.paid_minor, _left",
        "checks.paid_to_another_plan_and_back_at_once_costs_nothing",
    ),
    Bug(
        "what came back comes back again",
        _FEES,
        "max(rest - one.returned_minor, 0)",
        "rest",
        "checks.paid_the_rest_of_a_dearer_plan_is_what_was_paid_for_the_rest",
    ),
    Bug(
        "the points of a year stay when it becomes a month",
        _FLOW,
        "elif step.amount_minor < 0:",
        'elif step.what == "refunded":',
        "checks.paid_points_go_with_the_money_when_a_year_becomes_a_month",
    ),
    Bug(
        "a term given back ends the one that runs",
        _LIFE,
        "before is not None and one.from_at > now",
        "False",
        "checks.paid_giving_back_a_term_paid_ahead_leaves_the_one_that_runs",
    ),
    Bug(
        "points that lapsed are taken from others",
        _POINTS,
        "max(lapsed + now_lapsed - one.units_back, 0) - now_lapsed",
        "-now_lapsed",
        "checks.paid_points_that_lapsed_are_not_taken_from_others",
    ),
    Bug(
        "what was paid in time counts from when it is told",
        "flows/membership/plans/batch.py",
        "return replace(stood, step=one.step), at",
        "return one, at",
        "checks.paid_a_word_told_late_is_judged_by_its_time",
    ),
    Bug(
        "a late word gives a second membership",
        "flows/membership/plans/batch.py",
        'if one.state == "ended" and any(',
        "if False and any(",
        "checks.paid_who_began_another_membership_has_no_second_by_a_late_word",
    ),
    Bug(
        "uses of the plan before are forgotten",
        "records/benefits/plans/read.py",
        "coalesce(terms ->> 'plan', '') <> ''",
        "terms ->> 'plan' = 'club'",
        "checks.paid_what_was_used_of_the_plan_before_is_used",
    ),
)
GIVEN_BACK = (
    Bug(
        "what is left of an ended term shrinks",
        _FEES,
        "one.paused_at or one.stopped_at or now",
        "one.paused_at or now",
        "checks.back_what_is_left_of_a_term_ended_now_stays_until_it_is_given_back",
    ),
    Bug(
        "what was never paid comes back",
        _FEES,
        "_share(one.fee_minor - one.off_minor,",
        "_share(one.fee_minor,",
        "checks.back_of_a_term_agreed_below_the_fee_the_rest_of_what_was_agreed_comes_back",
    ),
    Bug(
        "whatever is refunded is of the term that runs",
        _FLOW,
        "if named is None or named.last:\n        return",
        "if True:\n        return",
        "checks.back_a_refund_of_a_term_that_is_over_leaves_the_one_that_runs",
    ),
    Bug(
        "what came back of an old payment is forgotten",
        "flows/membership/plans/batch.py",
        "if (later.source, later.payment) == (source, number):",
        "if False:",
        "checks.back_two_refunds_of_one_payment_in_one_batch_see_each_other",
    ),
)
CHANGED = (
    Bug(
        "a plan chosen while the next term was paid goes with its money",
        _LIFE,
        "    if one.next_plan:\n        other",
        "    if False:\n        other",
        "checks.changes_of_plans",
    ),
    Bug(
        "a change of plan gives back more than was paid",
        _FEES,
        "return max(difference, -one.paid_minor)",
        "return difference",
        "checks.changes_of_plans",
    ),
    Bug(
        "the months of another plan are counted from the first of the old one",
        _LIFE,
        "fresh = one.in_trial or bool(one.next_plan)",
        "fresh = one.in_trial",
        "checks.changes_of_plans",
    ),
    Bug(
        "what a dearer plan costs on top is not paid",
        _LIFE,
        "paid_minor=one.paid_minor + due)",
        "paid_minor=one.paid_minor)",
        "checks.changes_of_plans",
    ),
    Bug(
        "a plan of another length takes nothing off for the rest",
        _FEES,
        "return fee - _rest(one, now)",
        "return fee",
        "checks.changes_of_plans",
    ),
    Bug(
        "a change at once leaves the plan that was chosen before",
        _LIFE,
        'plan=plan.id, next_plan="", fee_minor=fee, told_minor=None,',
        "plan=plan.id, fee_minor=fee, told_minor=None,",
        "checks.changes_of_plans",
    ),
)
"""Found by the model: changes in the middle of a membership."""
DEARER = (
    Bug(
        "the model: a higher fee is asked for whoever was not told in time",
        _FEES,
        "return one.told_minor if takes_over(version, one, plan) else one.fee_minor",
        "return one.told_minor",
        "checks.changes_of_plans",
    ),
    Bug(
        "the model: told exactly so many days before is told too late",
        _FEES,
        'f"{plan.price_notice} days") <= one.until_at',
        'f"{plan.price_notice} days") < one.until_at',
        "checks.changes_of_plans",
    ),
    Bug(
        "the model: days of notice are days of the clock",
        _FEES,
        'add_span(version.zone, one.told_at, f"{plan.price_notice} days")',
        'add_span(version.zone, one.told_at, f"{24 * plan.price_notice} hours")',
        "checks.changes_of_plans",
    ),
    Bug(
        "the model: a lower fee waits for a notice",
        _FEES,
        "return min(current, _agreed_minor(version, one, plan))",
        "return _agreed_minor(version, one, plan)",
        "checks.changes_of_plans",
    ),
    Bug(
        "the model: a still higher fee is told over one that does not count yet",
        _FEES,
        "return fee if fee < one.told_minor else None",
        "return fee if fee != one.told_minor else None",
        "checks.changes_of_plans",
    ),
    Bug(
        "the model: a notice that came too late for one term is forgotten for the next",
        _LIFE,
        "told_minor=None if taken_over else one.told_minor,",
        "told_minor=None,",
        "checks.changes_of_plans",
    ),
    Bug(
        "the model: what was chosen costs what it costs when it is paid",
        _FEES,
        "        return one.next_minor\n",
        "        return fee_of(version, plan)\n",
        "checks.changes_of_plans",
    ),
)
"""Found by the model: fees that change with notice."""
PLANS: Final = LIVED + PAID + GIVEN_BACK + CHANGED + DEARER


def _plan(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.flows.plans import houses, test_paid_plans

        opened = _opens(shop)(houses.ROASTERY)
        opened.joined("ada", "ben")
        opened.at("2027-01-31T15:00")
        getattr(test_paid_plans, f"test_{name}")(opened)

    return check


def _paid(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.plans import test_what_was_paid

        getattr(test_what_was_paid, f"test_{name}")(_opens(shop))

    return check


def _back(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.plans import houses, test_given_back

        opened = test_given_back.met(_opens(shop)(houses.ROASTERY))
        getattr(test_given_back, f"test_{name}")(opened)

    return check


_NAMES = {bug.check.removeprefix("checks.plan_") for bug in LIVED}


def _changes(_: Any) -> None:
    from tests.model.in_memory import InMemory
    from tests.model.money.chosen import GAMES, play_chosen

    for name in GAMES:
        play_chosen(name, InMemory)


ALONE: Final = (
    {"changes_of_plans": _changes}
    | {f"plan_{name}": _plan(name) for name in _NAMES}
    | {
        f"paid_{name}": _paid(name)
        for name in {bug.check.removeprefix("checks.paid_") for bug in PAID}
    }
    | {
        f"back_{name}": _back(name)
        for name in {bug.check.removeprefix("checks.back_") for bug in GIVEN_BACK}
    }
)
