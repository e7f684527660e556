"""Bugs of offers, and the tests that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug
from tests.planted.tiers.bugs import _opens

_WRITE: Final = "records/program/changes/offers/write.py"
_GIVE: Final = "flows/terms/promised/give_offers.py"
_CHOOSES: Final = "records/program/changes/choices/expecting.py"
_RIVALS: Final = "insight/estimators/comparing/rivals.py"
_FAIR: Final = "records/program/checks/spending/fairness.py"
OFFERS: Final = (
    Bug(
        "newcomers are offered what nobody else is, and nobody is told",
        "flows/terms/promised/open_offer.py",
        "    if unlike:\n        raise warnings_open(unlike)\n",
        "",
        "checks.offers_for_newcomers",
    ),
    Bug(
        "whatever else is offered makes up for what only newcomers have",
        "flows/terms/promised/fair.py",
        "and stayed(theirs):",
        "and theirs:",
        "checks.offers_for_newcomers",
    ),
    Bug(
        "a rule for everybody makes up for one that only newcomers have",
        _FAIR,
        "if rule.when is not None and stayed(rule.when)",
        "if rule.when is None or not newer(rule.when)",
        "checks.rules_for_newcomers",
    ),
    Bug(
        "what is best is given always, and nothing more is learned",
        _CHOOSES,
        "arm = by_chance if drawn.whether * 100 >> 32 < share else best",
        "arm = best",
        "checks.choices_learn",
    ),
    Bug(
        "a chance is written as if all were given by chance",
        _CHOOSES,
        "chance = share + ((100 - share) * many if arm == best else 0)",
        "chance = 100",
        "checks.choices_learn",
    ),
    Bug(
        "it is chosen among offers of which one is given away",
        "flows/terms/promised/choose_offers.py",
        "        if room == 0:\n",
        "        if False:\n",
        "checks.choices_end",
    ),
    Bug(
        "a forecast is learned from what it judges",
        _RIVALS,
        "        there = 1 - one.half\n",
        "        there = 2\n",
        "checks.choices_bounds",
    ),
    Bug(
        "choices are compared as if all had one chance",
        _RIVALS,
        "[each[one.arm] / one.chance for one,",
        "[each[one.arm] for one,",
        "checks.choices_rows",
    ),
    Bug(
        "whoever comes into the segment later is not looked at",
        _GIVE,
        "one.given_at is None or one.given_at + AGAIN <= tx.now",
        "one.given_at is None",
        "checks.offers_they_are_counted_once",
    ),
    Bug(
        "few members are held out, too",
        "flows/terms/promised/open_offer.py",
        "await read.inside(tx, there.segment_id) >= FEWEST",
        "await read.inside(tx, there.segment_id) >= 1",
        "checks.offers_few_are_not_held_out",
    ),
    Bug(
        "more members have it than it says",
        _GIVE,
        "    if one.given >= one.most:\n",
        "    if False:\n",
        "checks.offers_no_more_have_it",
    ),
    Bug(
        "what was never activated counts",
        _WRITE,
        '"offered" if one.activating else "held"',
        '"held"',
        "checks.offers_it_counts_from_when_it_is_activated",
    ),
    Bug(
        "what is over is activated",
        _GIVE,
        "    if there.until_on <= today:\n",
        "    if False:\n",
        "checks.offers_it_counts_from_when_it_is_activated",
    ),
    Bug(
        "an offer has no end for its member",
        "records/program/changes/offers/ruling.py",
        '        held["before"] = one.days\n',
        "        pass\n",
        "checks.offers_whoever_is_in_the_segment",
    ),
    Bug(
        "nobody's budget bounds an offer",
        "records/program/changes/offers/ruling.py",
        '"points": one.budget, "of": "everyone"',
        '"points": one.budget, "of": "member"',
        "checks.offers_everybodys_budget",
    ),
    Bug(
        "a closed offer is broken for who has it",
        "flows/terms/promised/open_offer.py",
        "if last <= today}",
        "if last}",
        "checks.offers_what_nobody_has_any_more",
    ),
    Bug(
        "who is merged away takes their offer along",
        "flows/membership/merge_members.py",
        "    await offers.unite(tx, gone.member_id, stays.member_id, today)\n",
        "",
        "checks.offers_who_was_merged",
    ),
    Bug(
        "of an offer that both had who stays keeps theirs, that is over",
        _WRITE,
        "    or (excluded.until_on > $4::date,",
        "    or false and (excluded.until_on > $4::date,",
        "checks.offers_who_stays_has_the_longer",
    ),
    Bug(
        "who was blocked activates an offer",
        _WRITE,
        "       and m.state in ('active', 'unregistered') for update of m",
        "       for update of m",
        "checks.offers_who_was_blocked",
    ),
    Bug(
        "what was promised is changed",
        "flows/terms/promised/keep_offers.py",
        'if there is not None and there.state != "draft":',
        "if False:",
        "checks.offers_what_was_promised_stays",
    ),
)
_TESTS: Final = {
    "they_are_counted_once": "whoever_comes_later_has_it_too_while_it_is_open",
    "few_are_not_held_out": "few_are_not_held_out",
    "no_more_have_it": "no_more_have_it_than_it_says_also_where_two_give_at_once",
    "it_counts_from_when_it_is_activated":
        "it_counts_from_when_it_is_activated_and_no_later_than_it_ends",
    "whoever_is_in_the_segment":
        "whoever_is_in_the_segment_has_it_by_itself_once_and_within_their_days",
    "everybodys_budget": "everybodys_budget_is_never_passed_and_what_is_left_of_it_is_given",
    "what_nobody_has_any_more": "what_nobody_has_any_more_leaves_the_program_with_the_next",
    "who_was_merged": "who_was_merged_brings_theirs_along",
    "who_stays_has_the_longer": "who_stays_has_the_longer_of_the_same_offer",
    "for_newcomers": "an_offer_for_newcomers_alone_is_opened_by_who_says_that_it_is_meant",
    "who_was_blocked": "who_was_blocked_activates_nothing",
    "what_was_promised_stays": "what_was_promised_stays_and_what_cannot_be_is_said_at_its_place",
}  # fmt: skip


def _runs(name: str) -> Callable[[Any], None]:
    """A check that is one test of offers."""

    def check(shop: Any) -> None:
        from tests.flows.terms.experiments import test_offers as tests

        from regulars.records.program.templates import load_template

        getattr(tests, f"test_{name}")(_opens(shop)(load_template("coffee-shop")))

    return check


def _chooses(name: str) -> Callable[[Any], None]:
    """A check that is one test of choices."""

    def check(shop: Any) -> None:
        from tests.flows.terms.experiments import test_choices as tests

        from regulars.records.program.templates import load_template

        getattr(tests, f"test_{name}")(_opens(shop)(load_template("coffee-shop")))

    return check


def _estimates(name: str) -> Callable[[Any], None]:
    """A check that is one test of what is estimated of them."""

    def check(_: Any) -> None:
        from tests.insight.experiments import test_rivals as tests

        getattr(tests, f"test_{name}")()

    return check


def _unfair(_: Any) -> None:
    from tests.records.program import test_checks_rewards as tests

    tests.test_what_newcomers_have_and_whoever_stayed_has_not_is_warned_of(tests.NEW, None, True)


ALONE: Final = {f"offers_{check}": _runs(name) for check, name in _TESTS.items()} | {
    "rules_for_newcomers": _unfair,
    "choices_learn": _chooses("it_learns_what_brings_most_and_says_by_how_much"),
    "choices_end": _chooses("once_an_offer_is_given_away_nobody_new_is_chosen_for"),
    "choices_bounds": _estimates("the_bounds_hold_the_truth_about_as_often_as_they_say"),
    "choices_rows": _estimates("rows_told_one_by_one_give_what_is_estimated_row_by_row"),
}
