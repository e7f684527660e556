"""Why a member is as they are: what speaks for a next order, what against, and what is said."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from msgspec.structs import replace

from regulars.insight.values.why import Beside, Why, whys
from regulars.records.standing.alerts.read import Lately
from regulars.records.standing.values.read import Bought
from regulars.records.standing.values.types import Value

WHO = UUID(int=7)
VALUE = Value(WHO, 320, 42, 9_000, 12, 19, "slipping", "upper", date(2026, 3, 1))


def test_whoever_is_not_late_and_buys_less_has_a_reason_each_way() -> None:
    did, bought = Lately(WHO, 2, 5, 4_000, 10_000), Bought(WHO, 9, 18_000)
    assert whys(VALUE, did, bought) == (
        Why("days_away", 12, 19, "for"), Why("orders", 2, 5, "against"),
        Why("spent", 4_000, 10_000, "against"),
    )  # fmt: skip
    late = whys(replace(VALUE, since=20), None, bought)
    assert late == (
        Why("days_away", 20, 19, "against"), Why("orders_ever", 9), Why("spent_each", 2_000),
    )  # fmt: skip


@pytest.mark.parametrize(("off", "said"), [(0.03, 320), (0.031, (100, 400))])
def test_a_chance_that_was_far_off_in_the_past_is_said_as_a_band(off: float, said: object) -> None:
    told = Beside(0, "MBG/NBD", Bought(WHO, 9, 18_000), (), off)
    assert told.chance(VALUE) == said
