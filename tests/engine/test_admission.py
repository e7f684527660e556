"""A program goes live only when its form, sense, numbers and examples are good."""

from __future__ import annotations

import pytest

from regulars.engine.checking.admission import admit, look_over, uncountable
from regulars.records.program.problems import ProgramFault
from regulars.records.program.reading import read, read_program
from regulars.records.program.templates import load_template, template_names

COFFEE = load_template("coffee-shop")


@pytest.mark.parametrize("name", template_names())
def test_every_template_may_be_published(name: str) -> None:
    assert admit(load_template(name)).program.program == name


def test_an_example_that_fails_keeps_a_program_from_being_published() -> None:
    planted = COFFEE.replace("earns: {points: 7, stamps: 1}", "earns: {points: 7, stamps: 3}")
    with pytest.raises(ProgramFault) as caught:
        admit(planted)
    (problem,) = caught.value.problems
    assert planted.splitlines()[problem.line - 1].strip() == "earns: {points: 7, stamps: 3}"
    assert problem.says == "the example says 3 stamps, but the rules give 1"


def test_numbers_too_fine_to_count_keep_a_program_from_being_published() -> None:
    times = "".join(
        f"  - {{id: x{n}, on: purchase, wallet: points, award: {{give: multiply, by: '1.{n}'}}}}\n"
        for n in (100003, 100019, 100043, 100049)
    )
    planted = COFFEE.replace(
        "\nrewards:", f"\n{times}\nstacking: {{multipliers: multiplicative}}\n\nrewards:"
    )
    with pytest.raises(ProgramFault, match="exact"):
        admit(planted)
    (found,) = uncountable(read_program(planted))
    assert found.path[0] == "rules"
    assert "too fine or too large to count exactly" in found.says


def test_examples_are_not_run_on_a_program_with_errors() -> None:
    planted = COFFEE.replace("wallet: stamps", "wallet: stamsp").replace("points: 7", "points: 8")
    assert [p.path for p in look_over(read(planted)) if p.severity == "error"] == [
        "rules[1].wallet"
    ]
