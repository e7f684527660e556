"""The verb that asks an export's files what would keep the database busy."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from regulars.runtime.cli.moving.exporting import stop
from regulars.runtime.cli.screen import day_of

if TYPE_CHECKING:
    from regulars.runtime.checking.asking import Answer

console = Console(highlight=False, soft_wrap=True)
SHOWN: Final = 40
"""Rows on the screen; a file has them all."""


class Question(StrEnum):
    """What may be asked."""

    COHORTS = "cohorts"
    TRIANGLE = "triangle"
    RFM = "rfm"


def register(command: typer.Typer) -> None:
    """Add `ask`."""
    command.command("ask")(ask)


def ask(
    folder: Annotated[Path, typer.Argument(help="A whole export in Parquet.")],
    question: Annotated[
        Question,
        typer.Argument(
            help="cohorts: who ordered again, by month. triangle: points by month earned and "
            "gone. rfm: how lately, often and for how much each member ordered, 1 to 5."
        ),
    ],
    wallet: Annotated[str, typer.Option(help="With triangle: which, where there are more.")] = "",
    until: Annotated[str, typer.Option(help="With rfm: the last day that counts.")] = "",
    machines: Annotated[
        str,
        typer.Option(
            help="A dask scheduler, such as tcp://10.0.0.5:8786, whose workers see the folder."
        ),
    ] = "",
    out: Annotated[Path | None, typer.Option(help="A .csv or .parquet file for all rows.")] = None,
) -> None:
    """Ask an export's files what would keep the database busy."""
    from regulars.base.faults import Fault
    from regulars.runtime.checking.asking import answer, asked_of

    try:
        _writable(out)
        asked = asked_of(folder, question.value, day_of(until, "--until"), wallet)
        found = answer(asked, machines)
        if out is not None:
            _keep(found, out)
    except Fault as fault:
        raise stop(fault) from None
    _show(found, out)


def _writable(out: Path | None) -> None:
    from regulars.base.faults import Invalid

    if out is not None and out.suffix not in (".csv", ".parquet"):
        raise Invalid(f"{out} is neither .csv nor .parquet", field="--out")


def _keep(found: Answer, out: Path) -> None:
    import polars as pl

    from regulars.base.faults import Invalid

    table: Any = pl.DataFrame(found.rows, schema=list(found.headings), orient="row")
    try:
        (table.write_csv if out.suffix == ".csv" else table.write_parquet)(out)
    except OSError as wrong:
        raise Invalid(f"{out} cannot be written: {wrong.strerror}", field="--out") from None


def _show(found: Answer, out: Path | None) -> None:
    table = Table(*found.headings, box=SIMPLE)
    for row in found.rows[:SHOWN]:
        table.add_row(*(str(cell) for cell in row))
    console.print(table)
    rest = len(found.rows) - SHOWN
    if rest > 0 and out is None:
        console.print(f"{rest:,} rows more; --out FILE.csv keeps all.")
    kept = f"; all of them in {out}" if out is not None else ""
    console.print(f"{len(found.rows):,} rows, counted {found.how}{kept}.", markup=False)
