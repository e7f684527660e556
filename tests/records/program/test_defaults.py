"""The page of defaults: every switch has a reason, and what is chosen for a café stays."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from regulars.records.program.published.defaults import defaults_text, switches, unsaid
from regulars.records.program.published.language import structs
from regulars.records.program.published.reasons import REASONS, UNSAID
from regulars.records.program.types import Program

CAFE = {
    "program.wallets.points.negative": "never",
    "program.wallets.points.expiry": None,
    "program.wallets.points.notice": None,
    "program.stacking.base": "best",
    "program.stacking.multipliers": "additive",
    "program.qualifying.standard.tax": "in",
    "program.qualifying.standard.order_discounts": "full",
    "program.wallets.points.rounding.mode": "floor",
    "program.tiers.measure": "spend",
    "program.tiers.window": "calendar_year",
    "program.tiers.valid": "next_window_end",
    "program.changeover.members": "keep",
    "program.changeover.until_on": None,
}
"""What semantics J3 calls the defaults of a café, by its place in a program that says nothing."""


def nothing_said() -> Program:
    return msgspec.convert(
        {
            "regulars": 1,
            "program": "cafe",
            "name": "Café",
            "currency": "EUR",
            "zone": "Europe/Berlin",
            "wallets": {"points": {}},
            "qualifying": {"standard": {}},
            "tiers": {"steps": [{"id": "gold", "at": "500.00"}]},
        },
        Program,
        strict=False,
    )


def found_at(place: str, program: Program) -> Any:
    value: Any = program
    for name in place.split(".")[1:]:
        value = value[name] if isinstance(value, dict) else getattr(value, name)
    return value


@pytest.mark.parametrize("place", sorted(CAFE))
def test_a_program_that_says_nothing_does_what_suits_a_cafe(place: str) -> None:
    assert found_at(place, nothing_said()) == CAFE[place]


def without_reason(reasons: dict[str, dict[str, str]]) -> set[str]:
    """The switches of the language that no reason is given for, and reasons that are of none."""
    has = {f"{name}.{field.encode_name}" for name, s in structs().items() for field in switches(s)}
    told = {f"{name}.{field}" for name, fields in reasons.items() for field in fields}
    return has ^ told


def test_every_switch_has_a_reason_and_every_reason_a_switch() -> None:
    assert without_reason(REASONS) == set()
    lost = {**REASONS, "Rounding": {"mode": "Down.", "sort": "None."}}
    assert without_reason(lost) == {
        "Rounding.scope", "Rounding.step", "Rounding.carry", "Rounding.sort",
    }  # fmt: skip


def test_what_is_told_to_be_left_out_is_nothing_unless_said() -> None:
    for name, fields in UNSAID.items():
        assert set(fields) <= set(unsaid(structs()[name])), name


def test_the_page_tells_default_choices_and_reason() -> None:
    row = (
        "| `negative` | `never` | `debt` · `never` · `refuse` | A guest never owes the café "
        "anything: what is not there is not taken back. |"
    )
    assert row in defaults_text()
