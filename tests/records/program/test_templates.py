"""The programs a shop can start from."""

from __future__ import annotations

import pytest

from regulars.base.faults import NotFound
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template, template_names


def test_the_promised_templates_are_there() -> None:
    assert {"coffee-shop", "bronze-silver-gold", "retail", "bench"} <= set(template_names())


@pytest.mark.parametrize("name", template_names())
def test_a_template_carries_its_own_name(name: str) -> None:
    assert read_program(load_template(name)).program == name


def test_an_unknown_template_is_a_fault_that_suggests_one() -> None:
    with pytest.raises(NotFound, match="did you mean coffee-shop"):
        load_template("cofee-shop")
    with pytest.raises(NotFound):
        load_template("../types")


def test_the_tenth_coffee_is_free() -> None:
    rewards = {r.id: r for r in read_program(load_template("coffee-shop")).rewards}
    assert rewards["free-coffee"].price == {"points": 100}
    assert rewards["tenth-coffee-free"].price == {"stamps": 9}


def test_the_bench_program_has_eight_rules_one_wallet_and_one_monthly_cap() -> None:
    program = read_program(load_template("bench"))
    assert len(program.rules) == 8
    assert list(program.wallets) == ["points"]
    (limit,) = [limit for rule in program.rules for limit in rule.limits]
    assert (limit.per, limit.points) == ("month", 200)
