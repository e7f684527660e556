"""Bugs of months that are kept and sent, of reports told by night, of words heard at the till."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from tests.planted.bug import Bug
from tests.planted.replay.reporting import _pure

if TYPE_CHECKING:
    from tests.makers import Shop

_SEND = "flows/telling/send_months.py"
MONTHLY = (
    Bug(
        "a month's letter is tried again whatever became of it",
        _SEND,
        "    if handed.unsure:\n",
        "    if False:\n",
        "checks.month_letter_in_its_hands",
    ),
    Bug(
        "a month's letter is handed over before anybody knows that it is",
        _SEND,
        "        await tx.write(write.take(tx, letter.letter_id, address))\n",
        "        await tx.write(())\n",
        "checks.month_letter_once",
    ),
    Bug(
        "whoever asked for a month gets it, whatever they may read",
        _SEND,
        "bool(one.month_letter) and one.may(Permission.REPORTS_READ)",
        "bool(one.month_letter)",
        "checks.month_letter_who_may",
    ),
    Bug(
        "who left meanwhile gets a month's letter all the same",
        _SEND,
        "if found is None or not wants(found):",
        "if found is None:",
        "checks.month_letter_who_may",
    ),
    Bug(
        "a month's letter goes where letters came back from",
        _SEND,
        "if await bounces.some(tx, [address]) or await read.has_bounced(tx, address):",
        "if await bounces.some(tx, [address]):",
        "checks.month_letter_came_back",
    ),
    Bug(
        "a month is told before its rows are whole",
        "runtime/working/reckoning/months.py",
        " or not await whole(tx, began):",
        ":",
        "checks.month_letter_not_before",
    ),
    Bug(
        "a month ends by the clock of Greenwich",
        "runtime/working/reckoning/months.py",
        "here = now.astimezone(terms.at(now).zone)",
        "here = now",
        "checks.month_letter_by_its_clock",
    ),
    Bug(
        "a till is told nothing of what was learned of a member",
        "surfaces/till/sync/counted.py",
        "    known = {**state.attributes, JOINED_ON: joined_on}\n",
        "    known = {JOINED_ON: joined_on}\n",
        "checks.category_at_the_till",
    ),
)


def _letter(name: str) -> Callable[[Shop], None]:
    """A test of the duty, with the known books, the staff and a mail server."""

    def check(shop: Shop) -> None:
        there: Any = import_module("tests.runtime.working.reckoning.test_months")
        counter_of: Any = import_module("tests.surfaces.counter").Counter
        templates: Any = import_module("regulars.records.program.templates")
        shop.begin(templates.load_template("coffee-shop"), slug=f"letter-{os.getpid()}")
        counter = counter_of(shop)
        there.lay(counter)
        shop.at("2026-04-01 00:30")
        with there.post_office() as office:
            getattr(there, f"test_{name}")(there.World(counter, office))

    return check


def category_at_the_till(shop: Shop) -> None:
    there: Any = import_module("tests.surfaces.tills.test_derived")
    counter_of: Any = import_module("tests.surfaces.counter").Counter
    shop.begin(there.SOURCE, slug=f"kinds-{os.getpid()}")
    there.test_a_rule_that_asks_what_is_bought_next_decides_at_the_till(counter_of(shop))


MONTHLY_CHECKS: Final[dict[str, Callable[[Shop], None]]] = {
    "month_letter_in_its_hands": _letter(
        "a_server_that_goes_away_with_the_letter_in_its_hands_gets_it_once"
    ),
    "month_letter_once": _letter("once_for_a_program_and_month_and_the_next_month_again"),
    "month_letter_who_may": _letter("who_left_or_may_not_read_reports_gets_nothing"),
    "month_letter_came_back": _letter(
        "where_letters_came_back_from_nothing_goes_until_they_ask_anew"
    ),
    "month_letter_not_before": _letter("nothing_is_told_before_the_rows_have_all_of_it"),
    "month_letter_by_its_clock": _letter("a_month_ends_by_the_shops_own_clock"),
    "category_at_the_till": category_at_the_till,
}

FEBRUARY_BUGS = (
    Bug(
        "who first bought on 31 January has a day less to come again, if April is read in June",
        "insight/metrics/monthly/month.py",
        "min(today, span.until_on)",
        "today",
        "checks.ninety_days_too",
    ),
    Bug(
        "who was born on 29 February is a year older a day late",
        "insight/metrics/reading/fairness.py",
        "make_interval(years => n + 1) < $3::date)::int",
        "make_interval(years => n + 1) < $3::date - 1)::int",
        "checks.older_on_the_28th",
    ),
)
_TELLING = "insight/metrics/reports/telling.py"
TELLING_BUGS = (
    *FEBRUARY_BUGS,
    Bug(
        "who asks by weeks is told by months",
        _TELLING,
        '    if asked.granularity != "month" or asked.store is not None:\n',
        "    if asked.store is not None:\n",
        "checks.usual_questions",
    ),
    Bug(
        "who asks of one store is told of all",
        _TELLING,
        '    if asked.granularity != "month" or asked.store is not None:\n',
        '    if asked.granularity != "month":\n',
        "checks.usual_questions",
    ),
    Bug(
        "a reward that is new is open to nobody until tomorrow",
        _TELLING,
        "[str(one) for one in asked.costs], asked.offers,\n",
        "[str(one) for one in asked.costs],\n",
        "checks.told_by_terms",
    ),
    Bug(
        "what an older release told stands until tomorrow",
        _TELLING,
        "made_of(source), versions, asked.zone",
        "versions, asked.zone",
        "checks.told_by_release",
    ),
    Bug(
        "where no file is found all releases are one",
        _TELLING,
        "found.hexdigest() if read else",
        "found.hexdigest() if True else",
        "checks.told_without_files",
    ),
    Bug(
        "a day that was told is a word",
        _TELLING,
        "            found[at] = date.fromisoformat(cell)\n",
        "            found[at] = cell\n",
        "checks.told_days",
    ),
)


def older_on_the_28th(shop: Shop) -> None:
    there: Any = import_module("tests.insight.metrics.test_tastes")
    shop.begin(there.SHOP, slug=f"leap-{os.getpid()}")
    there.test_who_was_born_on_29_february_is_a_year_older_on_the_28th(shop)


_MODULE = "prepared.test_told_by_night"
TELLING_CHECKS: Final[dict[str, Callable[[Shop], None]]] = {
    "ninety_days_too": _pure(
        "metrics.monthly.test_month", "test_who_first_bought_on_the_31st_has_90_days_too"
    ),
    "older_on_the_28th": older_on_the_28th,
    "usual_questions": _pure(_MODULE, "test_which_questions_are_usual"),
    "told_by_terms": _pure(_MODULE, "test_other_terms_are_another_basis"),
    "told_by_release": _pure(_MODULE, "test_another_release_is_another_basis"),
    "told_without_files": _pure(
        _MODULE, "test_a_program_without_files_trusts_nothing_that_was_told"
    ),
    "told_days": _pure(_MODULE, "test_a_day_is_a_day_again"),
}
