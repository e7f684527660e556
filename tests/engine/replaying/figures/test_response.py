"""What is assumed of how people answer is a number of its own, beside what was worked out."""

from __future__ import annotations

from fractions import Fraction

import pytest

from regulars.base.faults import Invalid
from regulars.engine.replaying.compare import respond
from regulars.runtime.cli.programs.replaying import _number

THIRD = Fraction(3, 10)


def test_people_who_answer_buy_more_and_cost_more() -> None:
    """A tenth less is left to pay: three hundredths more are sold, and cost so much more."""
    told = respond(1_000, Fraction(0), Fraction(100), THIRD)
    assert told == (THIRD, 1_030, 103)
    less = respond(1_000, Fraction(100), Fraction(10), THIRD)
    assert less == (THIRD, 970, Fraction(97, 10))


def test_nobody_answers_to_nothing() -> None:
    assert respond(1_000, Fraction(50), Fraction(80), Fraction(0)) == (0, 1_000, 80)
    assert respond(1_000, Fraction(50), Fraction(50), THIRD) == (THIRD, 1_000, 50)
    assert respond(1_000, Fraction(1_000), Fraction(100), THIRD) is None
    assert respond(0, Fraction(0), Fraction(0), THIRD) is None


@pytest.mark.parametrize("text", ["much", "", "0.1.2", "1e3"])
def test_what_is_no_number_is_refused_at_its_option(text: str) -> None:
    with pytest.raises(Invalid) as no:
        _number(text, "--elasticity")
    assert no.value.field == "--elasticity"


@pytest.mark.parametrize("field", ["--elasticity", "--point-cost"])
def test_a_number_below_nothing_is_refused(field: str) -> None:
    with pytest.raises(Invalid, match="below 0; write 0 or more") as no:
        _number("-3", field)
    assert no.value.field == field


def test_a_number_of_the_option_is_exact() -> None:
    assert [_number(one, "--elasticity") for one in ("0", " 0.1", "0.3")] == [
        0, Fraction(1, 10), THIRD,
    ]  # fmt: skip
