"""The verb that tries a draft on what happened already."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from fractions import Fraction
from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from regulars.runtime.cli.screen import Stages, day_of, watching
from regulars.runtime.installation.settings import read_settings

if TYPE_CHECKING:
    from regulars.runtime.checking.replay import Wanted
    from regulars.surfaces.replay.result import Result

console = Console(highlight=False)
aside = Console(stderr=True, highlight=False, soft_wrap=True)
NEEDED = Parameter.empty


OPTIONS: dict[str, tuple[Any, Any]] = {
    "draft": (Annotated[Path, typer.Argument(help="The program file to try.")], NEEDED),
    "since": (Annotated[str, typer.Option("--from", help="The first day that counts.")], ""),
    "until": (Annotated[str, typer.Option("--to", help="The day before which it ends.")], ""),
    "history": (
        Annotated[
            Path | None, typer.Option(help="Another shop's CSV, JSON Lines or Parquet file.")
        ],
        None,
    ),
    "sales": (
        Annotated[
            Path | None,
            typer.Option(help="A CSV or Parquet table of receipts: member, occurred_at, amount."),
        ],
        None,
    ),
    "mapping": (
        Annotated[Path | None, typer.Option(help="Which column of that file is which field.")],
        None,
    ),
    "against": (
        Annotated[Path | None, typer.Option(help="With a file: the program to compare with.")],
        None,
    ),
    "program": (Annotated[str, typer.Option(help="Whose books, where there are several.")], ""),
    "segment": (Annotated[str, typer.Option(help="The member's attribute to group by.")], ""),
    "point_cost": (
        Annotated[
            list[str] | None, typer.Option(help="What one point costs, such as points=0.01.")
        ],
        None,
    ),
    "elasticity": (Annotated[str, typer.Option(help="How people may answer.")], "0,0.1,0.3"),
    "prove": (
        Annotated[
            bool, typer.Option("--prove", help="Also replay what was published, beside the books.")
        ],
        False,
    ),
    "engine": (
        Annotated[str, typer.Option(help="kernel (in columns), fold (one by one), or auto.")],
        "auto",
    ),
    "machines": (
        Annotated[
            str,
            typer.Option(help="A dask scheduler, such as tcp://10.0.0.5:8786: its workers decide."),
        ],
        "",
    ),
    "out": (Annotated[Path, typer.Option(help="The folder for page and data.")], Path("replay")),
}
"""Each option with what it is when not said: a table, where a function would have twelve."""


def register(command: typer.Typer) -> None:
    """Add `replay`."""
    command.command("replay")(replay)


def replay(**told: Any) -> None:
    """Run what happened under a draft and under the terms in force, and show what differs."""
    from regulars.base.faults import Fault
    from regulars.records.program.problems import ProgramFault
    from regulars.surfaces.replay.keeping import keep

    try:
        wanted = _wanted(told)
        with watching(aside) as watch:
            result = _replayed(wanted, told["program"], watch)
    except ProgramFault as fault:
        for one in fault.problems:
            place = f"{told[fault.file or 'draft']}:{one.line}:{one.column}"
            aside.print(f"{place}: {one.severity}: {one.what}", style="red", markup=False)
            aside.print(f"    {one.mend}", markup=False)
        raise typer.Exit(1) from None
    except Fault as fault:
        where = f"{fault.field}: " if fault.field else ""
        aside.print(f"{where}{fault.says}", style="bold red", markup=False)
        raise typer.Exit(1) from None
    _show(result)
    try:
        files = keep(result, told["out"])
    except OSError as wrong:
        place = f"--out: {told['out']} cannot be written: {wrong.strerror}"
        aside.print(place, style="bold red", markup=False)
        raise typer.Exit(1) from None
    console.print(f"\nThe same with charts: [bold]{files[0]}[/]; data beside it.", soft_wrap=True)


# Typer reads a command's options from its signature.
replay.__signature__ = Signature(  # type: ignore[attr-defined]
    [
        Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, (kind, default) in OPTIONS.items()
    ]
)


def _wanted(told: Mapping[str, Any]) -> Wanted:
    from regulars.runtime.checking.replay import Wanted

    costs = told["point_cost"] or []
    _go_together(told)
    text = _read(told["draft"], "DRAFT")
    return Wanted(
        draft=text,
        since=day_of(told["since"], "--from"),
        until=day_of(told["until"], "--to"),
        history=told["history"],
        sales=told["sales"],
        engine=told["engine"],
        machines=told["machines"],
        mapping=told["mapping"],
        against=_read(told["against"], "--against") if told["against"] else None,
        segment=told["segment"],
        worth=dict(_cost(one, text) for one in costs),
        elasticities=[_number(one, "--elasticity") for one in told["elasticity"].split(",")],
        prove=told["prove"],
    )


def _go_together(told: Mapping[str, Any]) -> None:
    """Refuse options that contradict each other."""
    from regulars.base.faults import Invalid

    history, sales = told["history"], told["sales"]
    if history is not None and sales is not None:
        raise Invalid("say either --history or --sales, not both", field="--sales")
    if history is None and told["mapping"]:
        raise Invalid("this goes with --history FILE only", field="--mapping")
    if history is None and sales is None and told["against"]:
        raise Invalid("this goes with --history FILE or --sales FILE only", field="--against")
    if (history or sales) is not None and told["prove"]:
        raise Invalid("a file has no books to be compared with; leave it out", field="--prove")
    if told["engine"] not in ("auto", "kernel", "fold"):
        raise Invalid(f"{told['engine']!r} is none; say auto, kernel or fold", field="--engine")


def _read(path: Path, field: str) -> bytes:
    from regulars.base.faults import Invalid

    try:
        return path.read_bytes()
    except OSError as wrong:
        raise Invalid(f"{path} cannot be read: {wrong.strerror}", field=field) from None


def _number(text: str, field: str) -> Fraction:
    from regulars.base.decimals import NotExact, units
    from regulars.base.faults import Invalid

    try:
        number = Fraction(units(text.strip(), 6), 10**6)
    except NotExact:
        raise Invalid(f"{text!r} is no number; write such as 0,0.1,0.3", field=field) from None
    if number < 0:
        # Who pays less would buy less, and what costs is a gain: a figure nobody means.
        raise Invalid(f"{text.strip()} is below 0; write 0 or more", field=field)
    return number


def _cost(pair: str, draft: bytes) -> tuple[str, Fraction]:
    """`points=0.01` as minor units of money per smallest unit of that wallet."""
    from regulars.base.faults import Invalid
    from regulars.base.money import decimals
    from regulars.runtime.checking.replay import compiled_of

    wallet, equals, cost = pair.partition("=")
    program = compiled_of(draft).program
    wallets = program.wallets
    if not equals or wallet not in wallets:
        known = ", ".join(wallets)
        raise Invalid(f"{pair!r}: write WALLET=COST, of {known}", field="--point-cost")
    scale = Fraction(10 ** decimals(program.currency), 10 ** wallets[wallet].scale)
    return wallet, _number(cost, "--point-cost") * scale


def _replayed(wanted: Wanted, program: str, watch: Stages) -> Result:
    from regulars.runtime.checking.replay import replay_books, replay_file
    from regulars.runtime.installation.running import database_running

    if wanted.history is not None or wanted.sales is not None:
        return replay_file(wanted, watch)
    with database_running(read_settings()) as where:
        return asyncio.run(replay_books(where, wanted, program, watch))


def _show(result: Result) -> None:
    from regulars.surfaces.replay.page import headline
    from regulars.surfaces.replay.tables import sections

    for section in sections(result):
        title = f"{section.title} ({section.kind.lower()})"
        table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE)
        for place, heading in enumerate(section.headings):
            numbers = place >= section.words
            table.add_column(
                heading, justify="right" if numbers else "left", no_wrap=numbers, overflow="fold"
            )
        for row in section.rows:
            table.add_row(*(Text(cell) for cell in row))
        console.print(table)
        if section.says:
            console.print(section.says, style="dim", markup=False)
    console.print(f"\n{headline(result)}", style="bold", markup=False)
    console.print(f"Decided {result.decided}.", style="dim", markup=False)
    if result.proven:
        console.print(result.proven, markup=False)
