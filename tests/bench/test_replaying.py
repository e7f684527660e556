"""The measurements of replays still fit the kernel, and notice when it decides otherwise."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from bench.sides import replaying, replaying_baskets
from bench.sides.replaying_baskets import Files, Part

from regulars.engine.compiling.compile import compile_program
from regulars.engine.replaying.fold import alone
from regulars.engine.replaying.kernel.running import Kernel
from regulars.engine.terms import Terms
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template

BEGINS = datetime(1970, 1, 1, tzinfo=UTC)
END = replaying.FIRST + replaying.DAYS


def test_the_richest_template_is_measured_as_the_tills_decide(tmp_path: Path) -> None:
    terms, parts = baskets(tmp_path)
    assert sum(replaying_baskets.judge(terms, part) for part in parts) > 100


def test_one_point_more_than_the_tills_give_is_noticed(tmp_path: Path) -> None:
    terms, parts = baskets(tmp_path)
    parts[0].ran.gave[0, 0] += 1
    with pytest.raises(AssertionError):
        replaying_baskets.judge(terms, parts[0])


def test_sales_of_one_amount_are_measured_as_the_tills_decide(tmp_path: Path) -> None:
    path = tmp_path / "history.parquet"
    replaying.make(path, 300, 15)
    terms = alone(compile_program(read_program(replaying.PROGRAM)), BEGINS)
    read = replaying.read(path, 0, 1)
    kernel = Kernel(terms.versions[0], read[0], compiled=False)
    assert replaying.judge(terms, [(*read, kernel.run(read[0], END))]) > 100


def baskets(folder: Path) -> tuple[Terms, list[Part]]:
    """A small history with lines and returns, decided without machine code."""
    files = Files(folder / "rows.parquet", folder / "lines.parquet")
    replaying_baskets.make(files, 300, 15)
    program = compile_program(read_program(load_template(replaying_baskets.TEMPLATE)))
    terms = alone(program, BEGINS)
    columns = replaying_baskets.decided(None, terms, files)[0].columns
    kernel = Kernel(terms.versions[0], columns, compiled=False)
    return terms, replaying_baskets.decided(kernel, terms, files)
