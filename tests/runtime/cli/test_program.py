"""The verbs with which a program is written, checked and tried out."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from regulars.records.program.templates import load_template, template_readme
from regulars.runtime.cli import build_command
from regulars.runtime.cli.programs.program import _pasted

COFFEE = load_template("coffee-shop")
BASKET = '{"kind": "purchase", "lines": [{"sku": "latte", "category": "coffee", "amount": 3.90}]}'


def regulars(*words: str, typed: str | bytes | None = None) -> Result:
    return CliRunner().invoke(build_command(), ["program", *words], input=typed)


@pytest.fixture
def coffee(tmp_path: Path) -> Path:
    file = tmp_path / "coffee.yaml"
    file.write_text(COFFEE, "utf-8")
    return file


def test_a_good_program_is_told_so_and_its_examples_are_run(coffee: Path) -> None:
    said = regulars("check", str(coffee))
    assert said.exit_code == 0
    assert said.stdout == "Corner Coffee: 2 rules, 2 rewards; 3 examples hold.\n"


def test_a_program_can_be_checked_from_a_pipe() -> None:
    assert regulars("check", "-", typed=COFFEE).exit_code == 0


def test_each_problem_is_told_with_line_column_and_how_to_mend_it(coffee: Path) -> None:
    coffee.write_text(COFFEE.replace("wallet: stamps", "wallet: stamsp"), "utf-8")
    said = regulars("check", str(coffee))
    line = COFFEE[: COFFEE.index("wallet: stamps")].count("\n") + 1
    assert said.exit_code == 1
    assert f"{coffee}:{line}:13: error: rules.stamp-per-coffee.wallet:" in said.stdout
    assert "did you mean stamps?" in said.stdout


def test_an_example_that_fails_is_told_and_fails_the_check(coffee: Path) -> None:
    coffee.write_text(COFFEE.replace("earns: {points: 7,", "earns: {points: 8,", 1), "utf-8")
    said = regulars("check", str(coffee))
    assert said.exit_code == 1
    assert "the example says 8 points, but the rules give 7" in said.stdout


def test_warnings_alone_do_not_fail_the_check(coffee: Path) -> None:
    unfed = COFFEE.replace("\nrules:", "\n  gold: {kind: points}\n\nrules:", 1)
    coffee.write_text(unfed, "utf-8")
    said = regulars("check", str(coffee))
    assert said.exit_code == 0
    assert "warning:" in said.stdout


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    said = regulars("check", str(tmp_path / "none.yaml"))
    assert said.exit_code == 2
    assert "cannot be read" in said.stderr


def test_a_basket_earns_and_tells_why() -> None:
    said = regulars("try", "--template", "coffee-shop", "--basket", "-", typed=BASKET)
    assert said.exit_code == 0
    assert said.stdout.splitlines() == [
        "  3.90 EUR of it count.",
        "  “1 point for each 1.00 you spend” gives 3.9 Points.",
        "  In all: 3.9 Points, rounded down to 3.",
        "  “1 stamp for each coffee” gives 1 Coffee stamp.",
        "  In all: 1 Coffee stamp.",
    ]


def test_a_basket_in_a_file_is_tried_on_a_file(coffee: Path, tmp_path: Path) -> None:
    basket = tmp_path / "basket.yaml"
    basket.write_text('kind: purchase\nat: 2026-03-02T08:15\namount: "12.00"\n', "utf-8")
    said = regulars("try", str(coffee), "--basket", str(basket))
    assert "In all: 12 Points." in said.stdout


def test_a_tier_changes_what_is_earned() -> None:
    words = ("try", "--template", "bronze-silver-gold", "--basket", "-")
    basket = '{kind: purchase, amount: "500.00"}'
    plain = regulars(*words, typed=basket)
    gold = regulars(*words, "--tier", "gold", typed=basket)
    assert "In all: 550 Points." in plain.stdout
    assert "Tier afterwards: silver." in plain.stdout
    assert "In all: 800 Points." in gold.stdout
    assert "Tier afterwards" not in gold.stdout


def test_a_plan_that_runs_changes_what_is_earned() -> None:
    words = ("try", "--template", "prime", "--basket", "-")
    basket = '{kind: purchase, amount: "40.00"}'
    assert "In all: 40 Points." in regulars(*words, typed=basket).stdout
    assert "In all: 80 Points." in regulars(*words, "--plan", "plus", typed=basket).stdout
    slip = regulars(*words, "--plan", "puls", typed=basket)
    assert slip.exit_code == 2
    assert "There is no plan puls; there are: plus." in slip.output


def test_what_cannot_be_read_is_told_with_its_field() -> None:
    said = regulars("try", "--template", "coffee-shop", typed="{kind: purchase, amount: lots}")
    assert said.exit_code == 1
    assert said.stdout.startswith("/amount: 'lots' is not a plain decimal number")


def test_doubled_keys_in_a_basket_are_told_with_their_line() -> None:
    said = regulars("try", "--template", "coffee-shop", typed='{"kind": "a",\n "kind": "b"}')
    assert said.exit_code == 1
    assert "what happened:2:2: error:" in said.stdout


def test_one_program_is_tried_at_a_time(coffee: Path) -> None:
    assert regulars("try").exit_code == 2
    assert regulars("try", str(coffee), "--template", "coffee-shop").exit_code == 2


def test_an_unknown_template_suggests_the_nearest() -> None:
    said = regulars("try", "--template", "cofee-shop", typed=BASKET)
    assert said.exit_code == 2
    assert "did you mean coffee-shop?" in said.stderr


def test_what_is_pasted_ends_with_an_empty_line() -> None:
    typed = iter(["kind: visit", "store: pier", "", "kind: review", "", ""])
    assert list(_pasted(lambda: next(typed))) == ["kind: visit\nstore: pier", "kind: review"]


def test_a_new_program_begins_as_a_template_and_never_overwrites(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    said = regulars("new", "--template", "coffee-shop", str(mine))
    assert said.exit_code == 0
    assert mine.read_text("utf-8") == COFFEE
    beside = tmp_path / "mine.README.md"
    assert beside.read_text("utf-8") == template_readme("coffee-shop")
    assert f"Wrote {beside}: what it promises, and what to change first." in said.stdout
    mine.write_text("mine", "utf-8")
    assert regulars("new", "--template", "coffee-shop", str(mine)).exit_code == 2
    assert mine.read_text("utf-8") == "mine"


def test_a_template_can_be_printed_and_listed() -> None:
    assert regulars("new", "--template", "coffee-shop").stdout == COFFEE
    lines = regulars("new").stdout.splitlines()
    assert lines[lines.index("airline") + 1] == (
        "    Two kinds of miles: award miles are spent on flights, status miles make the tier of "
        "the year and are never spent."
    )
    assert "bench" not in lines


def test_a_readme_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    kept = tmp_path / "mine.README.md"
    kept.write_text("mine", "utf-8")
    said = regulars("new", "--template", "coffee-shop", str(tmp_path / "mine.yaml"))
    assert said.exit_code == 2
    assert kept.read_text("utf-8") == "mine"
    assert "choose another name" in said.stderr
    assert not (tmp_path / "mine.yaml").exists()
