"""Controls: faults planted in calendar and qualifying amounts that their checks must notice."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from tests.engine import test_calendar, test_qualify

from regulars.engine import calendar, qualify

FAULTS = [
    (calendar, "return add_months(day, length.months)", "return day + 30 * length.months"),
    (calendar, "min(start.day, monthrange(year, month + 1)[1])", "min(start.day, 28)"),
    (calendar, "stretch_of(period, target).end", "target"),
    (calendar, "    return before + timedelta(seconds=low)", "    return begins"),
    (calendar, "instant.astimezone(zone)\n    day", "instant\n    day"),
    (calendar, "if add_months(joined_on, 12 * years) > day", "if False"),
    (calendar, "day - tiers.rolling_days + 1", "day - tiers.rolling_days"),
    (calendar, "return year * 100 + week", "return here.year * 100 + week"),
    (qualify, "parts[i] += 1", "parts[i] += 0"),
    (qualify, "amount if good or not full else 0", "amount if good else 0"),
    (qualify, 'if paid.kind == "points"', 'if paid.kind != "money"'),
    (qualify, "amount * (quantity - returned) // quantity",
     "amount // quantity * (quantity - returned)"),
    (qualify, "facts.extras if left else (0,) * len(facts.extras)", "facts.extras"),
    (qualify, "max(line.amount_minor - line.discount_minor, 0)",
     "line.amount_minor - line.discount_minor"),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault[2])
def test_a_planted_fault_is_noticed(
    fault: tuple[ModuleType, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    module, healthy, broken = fault
    source = inspect.getsource(module)
    assert source.count(healthy) == 1, "the planted fault no longer fits the text; renew it"
    names: dict[str, Any] = {"__name__": "planted"}
    exec(compile(source.replace(healthy, broken), "<planted>", "exec"), names)
    tests = test_calendar if module is calendar else test_qualify
    for name in dir(module):
        if name in names and getattr(tests, name, None) is getattr(module, name):
            monkeypatch.setattr(tests, name, names[name])
    checks = calendar_checks() if module is calendar else qualify_checks()
    assert any(_fails(check) for check in checks)


def _fails(check: Callable[[], None]) -> bool:
    try:
        check()
    except AssertionError:
        return True
    return False


def calendar_checks() -> list[Callable[[], None]]:
    """The directed tests of the calendar, the parametrized ones with each of their rows."""
    tables = [
        test_calendar.test_a_day_starts_at_its_first_instant,
        test_calendar.test_points_are_gone_at_an_exact_instant,
    ]
    return [
        test_calendar.test_windows_of_a_calendar_year_rolling_days_and_for_ever,
        test_calendar.test_a_tier_stays_to_the_end_of_this_window_or_the_next_or_for_ever,
        test_calendar.test_the_eve_of_an_anniversary_belongs_to_the_year_before,
        test_calendar.test_the_hour_that_comes_twice_is_the_same_hour,
        test_calendar.test_period_numbers_can_be_read,
        *(row for table in tables for row in _rows(table)),
    ]


def qualify_checks() -> list[Callable[[], None]]:
    """The directed tests of the qualifying amounts."""
    return [
        test_qualify.test_a_line_discount_always_counts_and_never_below_nothing,
        test_qualify.test_a_discount_over_lines_adds_up_to_the_last_cent,
        test_qualify.test_points_paid_do_not_earn_and_stored_value_does,
        test_qualify.test_what_is_left_of_a_line_multiplies_first_and_ends_at_nothing,
        test_qualify.test_shipping_counts_until_the_last_piece_is_back,
        *_rows(test_qualify.test_an_order_discount_falls_where_the_policy_says),
    ]


def _rows(test: Any) -> list[Callable[[], None]]:
    (mark,) = test.pytestmark
    return [lambda row=row: test(*row) for row in mark.args[1]]


def test_the_checks_pass_on_the_healthy_text() -> None:
    assert not [check for check in calendar_checks() + qualify_checks() if _fails(check)]
