"""Bugs by which a trial of a draft would tell something else than the file that was brought, or
put another person's terms in force."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import pytest
from tests.planted.bug import Bug

_ROWS = "surfaces/replay/rows.py"
_PLANNING = "runtime/cli/programs/planning.py"
TRIED = (
    Bug(
        "a line cut short is filled up",
        _ROWS,
        'frame.height != body.count(b"\\n") or commas != frame.height * (len(columns) - 1)',
        'frame.height != body.count(b"\\n")',
        "checks.tried_cut_short",
    ),
    Bug(
        "a quotation mark that is never closed takes other lines along",
        _ROWS,
        "return (1, _QUOTE) if isinstance(told, str)",
        "return (many, _QUOTE) if isinstance(told, str)",
        "checks.tried_ragged",
    ),
    Bug(
        "a line with a value too many is taken without it",
        _ROWS,
        "    if len(values) == width:\n        return values\n",
        "    if len(values) >= width:\n        return values[:width]\n",
        "checks.tried_ragged",
    ),
    Bug(
        "a file of which no line fits says nothing of why",
        "surfaces/replay/sales.py",
        "if left_out and not frame.height:",
        "if False:",
        "checks.tried_written_otherwise",
    ),
    Bug(
        "the week of a budget ends where it begins",
        "surfaces/replay/words.py",
        'f"week from {day(on)}" if per == "week"',
        'f"week from {day(on)}" if per == "day"',
        "checks.tried_budgets",
    ),
    Bug(
        "what a draft would owe is kept as what is owed in force",
        "surfaces/replay/keeping.py",
        "_in_money(before.get(month, 0), after.get(month, 0))",
        "_in_money(before.get(month, 0), before.get(month, 0))",
        "checks.tried_data",
    ),
    Bug(
        "terms are put in force before anybody said yes",
        _PLANNING,
        "    if not yes:\n        typer.confirm(",
        "    if yes:\n        typer.confirm(",
        "checks.tried_verbs",
    ),
    Bug(
        "whoever applies terms is shown nobody by name",
        _PLANNING,
        "planned = _planned(source, begins, names)",
        "planned = _planned(source, begins, 0)",
        "checks.tried_verbs",
    ),
    Bug(
        "a version that came meanwhile was seen as well",
        _PLANNING,
        "if await _newest(tx) != planned.newest:",
        "if not planned.newest:",
        "checks.tried_verbs",
    ),
    Bug(
        "what nobody said is meant is put in force",
        _PLANNING,
        "if one.code and one.code not in accept]",
        "if one.code and one.code in accept]",
        "checks.tried_verbs",
    ),
    Bug(
        "the model of any order: what a step of a club gave late stays as it was",
        "engine/restating/late.py",
        "if sees == Seen(sale.steps.tier, further.seen_then(version, sale.steps)):",
        "if sees.tier == sale.steps.tier:",
        "checks.tried_clubs_in_any_order",
    ),
    Bug(
        "in any order: what is told late begins to wait when it is told",
        "engine/deciding/pending.py",
        "lot.activates_at = add_span(zone, lot.earned_at, wait.after)",
        "lot.activates_at = add_span(zone, max(lot.earned_at, now), wait.after)",
        "checks.tried_template_in_any_order",
    ),
    Bug(
        "of a club everything of a year was reached on its first day",
        "engine/ladder/further.py",
        "    for known in (deeds, ()):",
        "    for known in ((), deeds):",
        "checks.tried_moves_of_a_club",
    ),
    Bug(
        "what came back of a club is still told as reached by it",
        "flows/membership/tiers/show_moves.py",
        "key=lambda each: (sum(each.returned), each.times)",
        "key=lambda each: -sum(each.returned)",
        "checks.tried_moves_of_a_club",
    ),
    Bug(
        "a deed of a club counts on its day and from the beginning as well",
        "engine/ladder/further.py",
        "later = [one.credit for one in deeds if one.at >= at]",
        "later = [one.credit for one in deeds if one.at < at]",
        "checks.tried_moves_of_a_club",
    ),
    Bug(
        "steps of a club are named in the language of the shop",
        "engine/words/moves.py",
        "on = program.ladders.get(ladder) if ladder",
        "on = version.program.ladders.get(ladder) if ladder",
        "checks.tried_moves_over_the_api",
    ),
)


def _folder() -> Path:
    return Path(mkdtemp())


def _sales() -> Any:
    # Imported late, so that it meets the source with the bug in it.
    from tests.surfaces.replay import test_sales as tests

    return tests


def tried_cut_short(shop: Any) -> None:
    tests = _sales()
    tests.test_a_line_cut_short_is_seen_beside_whole_ones(_folder(), "r2,ben,2026-03-01,2.00")


def tried_ragged(shop: Any) -> None:
    _sales().test_a_line_that_does_not_fit_is_left_out_alone(_folder())


def tried_written_otherwise(shop: Any) -> None:
    tests = _sales()
    odd = tests.WHOLE.encode().replace(b"12.50", b"12,50")
    tests.test_a_file_written_otherwise_says_how_to_mend_it(_folder(), odd, "no line that can be")


def _engines() -> tuple[Any, Path]:
    from tests.runtime.checking import test_engines as tests

    folder = _folder()
    return tests, tests.some_receipts(folder / "receipts.csv", 150)


def tried_budgets(shop: Any) -> None:
    tests, receipts = _engines()
    tests.test_a_budget_of_the_report_names_its_days_and_points(receipts)


def tried_data(shop: Any) -> None:
    tests, receipts = _engines()
    tests.test_the_data_have_every_figure_of_the_report(receipts, receipts.parent)


def tried_verbs(shop: Any) -> None:
    from tests.runtime.cli import test_planning as tests

    with pytest.MonkeyPatch.context() as patch:
        today = tests.of_today(shop.made, patch)
        try:
            tests.test_terms_are_planned_applied_once_somebody_says_yes_and_withdrawn(
                today, _folder(), patch
            )
        finally:
            today.close()


def tried_clubs_in_any_order(shop: Any) -> None:
    from random import Random

    from tests.engine.orders.test_shuffled import told_in_any_order

    for number in range(8):
        told_in_any_order("clubs", number, Random(number))


def tried_template_in_any_order(shop: Any) -> None:
    from tests.stories.templates import test_in_any_order as tests

    tests.test_a_template_story_ends_the_same_in_any_order(shop, "referral-first")


def tried_moves_of_a_club(shop: Any) -> None:
    from tests.flows.tiers.further import test_further as tests

    own = tests.Shop.open(shop.made, tests.named(tests.PLAIN, "tried-club"))
    try:
        own.joined("ada", "ben")
        tests.test_how_somebody_came_to_a_step_of_the_club_is_told(own)
    finally:
        own.close()


def tried_moves_over_the_api(shop: Any) -> None:
    from tests.surfaces import test_tiers as tests

    own = tests.Counter(tests.Shop.open(shop.made, tests.MAISON + tests.CLUB))
    try:
        tests.test_how_somebody_came_to_their_tier_is_told_to_them_and_to_support(own)
    finally:
        own.close()


TRYING: Final = {
    check.__name__: check
    for check in (
        tried_cut_short,
        tried_ragged,
        tried_written_otherwise,
        tried_budgets,
        tried_data,
        tried_verbs,
        tried_clubs_in_any_order,
        tried_template_in_any_order,
        tried_moves_of_a_club,
        tried_moves_over_the_api,
    )
}
