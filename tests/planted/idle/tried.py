"""Bugs by which a trial of a draft would tell something else than the file that was brought, or
put another person's terms in force."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from tests.planted.bug import Bug

_ROWS = "surfaces/replay/rows.py"
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


TRYING: Final = {
    check.__name__: check
    for check in (
        tried_cut_short, tried_ragged, tried_written_otherwise, tried_budgets, tried_data
    )
}  # fmt: skip
