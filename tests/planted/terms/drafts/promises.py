"""Bugs by which a draft passes that promises too much, or that says what nobody meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from tests.planted.bug import Bug

_CHECKS: Final = "records/program/checks"
_ENDS: Final = f"{_CHECKS}/caution/ends.py"
_DEEDS: Final = f"{_CHECKS}/caution/deeds.py"
_WORTHS: Final = f"{_CHECKS}/caution/worths.py"
_SLIPS: Final = f"{_CHECKS}/caution/slips.py"
_NAMES: Final = f"{_CHECKS}/names.py"
_PROBLEMS: Final = "records/program/problems.py"
_PROMISED: Final = "engine/changing/promised.py"
_RULES: Final = "surfaces/in_words/rules.py"
_PLANTED: Final = (
    (
        "a budget may be of a wallet that is not there",
        _NAMES, "if budget.wallet not in program.wallets:", "if False:", "wallets",
    ),
    (
        "two budgets share their counter",
        _NAMES,
        '    yield from twice(("budgets",), [budget.id for budget in program.budgets])\n',
        "", "twice",
    ),
    (
        "of two of one id the second line is told twice",
        _PROBLEMS, "self.of(found.also).line", "self.of(found.path).line", "twice",
    ),
    (
        "a problem counts the parts of a list from 0",
        _PROBLEMS, "step if id_ is None else id_", "step", "form",
    ),
    (
        "a budget goes on from the points of another wallet",
        "engine/changing/objections.py",
        'if new.per != "activity" and was != new.wallet:', "if False:", "mixed",
    ),
    (
        "a limit in times ends whatever it lets through",
        _ENDS, "room(program, limit.per, shared=shared) * Fraction(1, times) if times",
        "room(program, limit.per, shared=shared) if times", "shares",
    ),
    (
        "a budget ends a promise however wide it is",
        _ENDS, "    return _fits(program, budget.wallet, budget.points, worth, most)\n",
        "    return True\n", "shares",
    ),
    (
        "a rest of an hour ends a share",
        _ENDS, "        hours >= 24 * _RARE_DAYS\n", "        True\n", "shares",
    ),
    (
        "ten times a sale passes where it is had once a year",
        _ENDS, "    return _share_fits(program, rule, worth) and times", "    return times", "shares",
    ),
    (
        "a small sale is ten of any money",
        _ENDS, "whole *= FACTORS.get(program.currency, 1)", "pass", "small",
    ),
    (
        "points that pay are worth nothing",
        _WORTHS, "if points and per:", "if False:", "worths",
    ),
    (
        "a discount is worth what it says and nothing else",
        _WORTHS, "amount = gives.off", "amount = None", "worths",
    ),
    (
        "what is given for a visit is not looked at",
        _DEEDS, "if not ends(of.program, rule, worth) and not _used_up(rule.when):", "if False:",
        "deeds",
    ),
    (
        "a challenge of a day is judged by a year",
        _DEEDS, "days_at_least(one.within) if one.within else DAYS[one.every or \"ever\"]", "365",
        "deeds",
    ),
    (
        "a milestone that comes again is judged as one that comes once",
        _DEEDS, "if not step.again:", "if True:", "deeds",
    ),
    (
        "an allowance is judged by one use",
        _DEEDS, " * Fraction(1, one.allowance.times)", "", "deeds",
    ),
    (
        "a paid term may give more than it costs",
        _DEEDS, "fee is not None and minor > fee *", "fee is None and minor > fee *", "deeds",
    ),
    (
        "of a friend one side is counted",
        _DEEDS, "sides = (said.referrer, said.newcomer)", "sides = (said.referrer,)", "deeds",
    ),
    (
        "so many friends a year are as many as one likes",
        _DEEDS, "    if _most_ends(of, said):\n", "    if False:\n", "deeds",
    ),
    (
        "two letters that changed places are another word",
        _SLIPS, "swapped = len(left) == 2 and left == right[::-1]", "swapped = False", "slips",
    ),
    (
        "a name that other parts have is called a slip",
        _SLIPS, "if near is not None and name not in sure:", "if near is not None:", "slips",
    ),
    (
        "a longer rest is called better",
        _PROMISED, "parts(hours=less, days=less)", "parts(hours=more, days=more)", "turns",
    ),
    (
        "so much for all together is called the same as for each",
        _PROMISED, '    of=ranked("everyone", "member"),\n', "", "turns",
    ),
    (
        "goods of either list are weighed list by list",
        "engine/changing/turning.py",
        "    return wider(*(\n        [(name, each) for name, listed in goods_of(one).items() "
        "for each in listed]\n        for one in (was, is_)\n    ))  # fmt: skip\n",
        "    return together(wider(*each) for each in zip(*(\n"
        "        goods_of(one).values() for one in (was, is_)\n    ), strict=True))\n", "turns",
    ),
    (
        "a limit of all is taken for the one of each",
        _PROMISED, "return limit.per, limit.of, limit.points is None",
        'return limit.per, "", limit.points is None', "turns",
    ),
    (
        "one condition more is called better",
        _PROMISED, "return longer if come else flip(longer)",
        "return flip(longer) if come else longer", "turns",
    ),
    (
        "fewer pieces in stock are not told",
        "engine/changing/rewards.py", '"worth", "stock",', '"worth",', "turns",
    ),
    (
        "the limit of all members is told as each one's",
        _RULES, 'if limit.of == "everyone" else said', "if False else said", "told",
    ),
    (
        "nobody hears what a rule waits for",
        _RULES, "    if rule.needs_base:\n", "    if False:\n", "told",
    ),
    (
        "members read the name of a group",
        _RULES, "if rule.group is not None and not desk.inside:", "if False:", "apart",
    ),
    (
        "an answer below nothing is worked out",
        "runtime/cli/programs/replaying.py", "    if number < 0:\n", "    if False:\n", "below",
    ),
)  # fmt: skip
PROMISES: Final = tuple(
    Bug(name, file, healthy, broken, f"checks.draft_{check}")
    for name, file, healthy, broken, check in _PLANTED
)


def _all(test: Callable[..., None], cases: Iterable[Iterable[Any]]) -> None:
    for case in cases:
        test(*case)


def _draft(name: str) -> Callable[[Any], None]:
    def check(_shop: Any) -> None:
        from tests.engine.replaying import test_response
        from tests.flows.terms import test_planning
        from tests.records.program import test_caution, test_checks, test_fuzz, test_turning
        from tests.surfaces.words import test_everything

        checks: dict[str, Callable[[], None]] = {
            "wallets": test_fuzz.test_a_wallet_that_is_not_there_is_told_wherever_it_is_named,
            "twice": test_checks.test_what_is_there_twice_is_told_with_both_lines_and_its_id,
            "form": test_checks.test_a_problem_of_form_names_the_rule_by_its_id,
            "mixed": lambda: _all(
                test_planning.test_points_of_one_wallet_never_use_up_what_there_is_of_another,
                test_planning.COUNTED,
            ),
            "shares": lambda: _all(
                test_caution.test_a_limit_or_a_budget_ends_a_share_where_it_is_narrow_enough,
                test_caution.SHARES,
            ),
            "small": test_caution.test_a_small_sale_is_about_ten_euros_in_every_money_unless_said,
            "worths": lambda: _all(
                test_caution.test_points_are_worth_what_is_had_for_them_wherever_they_are_spent,
                test_caution.WORTHS,
            ),
            "deeds": lambda: _all(
                test_caution.test_what_is_had_without_a_purchase_is_looked_at_however_it_is_given,
                test_caution.DEEDS,
            ),
            "slips": lambda: _all(
                test_caution.test_a_name_one_letter_off_is_told_where_nothing_else_has_it,
                test_caution.SLIPS,
            ),
            "turns": lambda: _all(
                test_turning.test_less_is_worse_and_the_other_way_round_better, test_turning.WORSE
            ),
            "told": lambda: _all(
                test_everything.test_what_bounds_a_rule_is_told_with_it, test_everything.BOUNDED
            ),
            "apart": test_everything.test_no_member_reads_what_a_group_is_called_or_a_rank,
            "below": lambda: test_response.test_a_number_below_nothing_is_refused("--elasticity"),
        }
        checks[name]()

    return check


ALONE: Final = {bug.check.removeprefix("checks."): _draft(bug.check.removeprefix("checks.draft_"))
                for bug in PROMISES}  # fmt: skip
