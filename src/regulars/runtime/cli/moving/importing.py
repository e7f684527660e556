"""The verb that brings members, balances and history over from another system."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from regulars.runtime.installation.settings import read_settings
from regulars.runtime.problems import SetupProblem

if TYPE_CHECKING:
    from regulars.runtime.cli.screen import Stages
    from regulars.runtime.importing.asking import Wanted
    from regulars.runtime.importing.run import Outcome

console = Console(highlight=False)
_MOST_MISTAKES: Final = 20

Program = Annotated[str, typer.Argument(help="The program's public name.")]
Sources = Annotated[list[str], typer.Argument(help="Files, NAME=FILE, or a folder with files.")]
MappingName = Annotated[
    str, typer.Option("--mapping", help="A ready mapping, or a mapping file; none for our own.")
]
Dry = Annotated[bool, typer.Option("--dry-run", help="Read, compare and add up; write nothing.")]
Expect = Annotated[
    list[str] | None,
    typer.Option(help="What it must come to, as in members=1200 or points.points=45000."),
]
Allow = Annotated[
    list[str] | None,
    typer.Option(help="wrong-lines: go on without them. points-twice: activities may earn too."),
]
MAY_BE_ALLOWED = ("wrong-lines", "points-twice")


def register(command: typer.Typer) -> None:
    """Add `import` and `import-mapping`."""
    command.command("import")(bring_over)
    command.command("import-mapping")(show_mapping)


def show_mapping(name: Annotated[str, typer.Argument(help="A ready mapping.")] = "") -> None:
    """Print a ready mapping, to make one's own of it; without a name, which there are."""
    from regulars.surfaces.connect.moving.ready import ready_mapping, ready_names

    if name and name not in ready_names():
        raise SetupProblem(f"There is no mapping {name}.", f"Ready are {', '.join(ready_names())}.")
    text = ready_mapping(name) if name else "\n".join(ready_names()) + "\n"
    print(text, end="")  # noqa: T201  (to be kept as a file, without anything beside it)


def bring_over(
    program: Program,
    sources: Sources,
    mapping: MappingName = "",
    expect: Expect = None,
    allow: Allow = None,
    dry_run: Dry = False,
) -> None:
    """Bring members, balances, tiers and history over from another system; nobody is told."""
    from regulars.runtime.importing.asking import Wanted, find_mapping, find_sources

    found, text = find_mapping(mapping)
    allowed = set(allow or [])
    if not allowed.issubset(MAY_BE_ALLOWED):
        raise SetupProblem(
            f"{min(allowed - set(MAY_BE_ALLOWED))} is nothing to allow.",
            f"It can be {' or '.join(MAY_BE_ALLOWED)}.",
        )
    wanted = Wanted(
        program=program,
        sources=find_sources(sources, found),
        mapping=found,
        mapping_text=text,
        expected=_expected(expect or []),
        dry=dry_run,
        leave_out="wrong-lines" in allowed,
        activities_earn="points-twice" in allowed,
        workers=os.cpu_count() or 1,
    )
    outcome = _run(wanted)
    _show(wanted, outcome)
    if not outcome.right:
        raise typer.Exit(1)


def _expected(told: list[str]) -> dict[str, str]:
    found = {}
    for one in told:
        name, equals, value = one.partition("=")
        if not equals or not value.strip():
            raise SetupProblem(f"{one} states no total.", "Write it as in members=1200.")
        found[name.strip()] = value.strip().replace(",", "")
    return found


def _run(wanted: Wanted) -> Outcome:
    import uvloop

    from regulars.runtime.cli.serving import prepare
    from regulars.runtime.importing.run import run_import
    from regulars.runtime.installation.running import database_running
    from regulars.runtime.logs import set_up_logs

    settings = read_settings()
    set_up_logs(settings, "import")
    try:
        with _watching() as watch, database_running(settings) as addresses:
            prepare(settings)
            return uvloop.run(run_import(addresses, wanted, watch))
    except KeyboardInterrupt:
        console.print("Stopped. The same command goes on where it stopped.")
        raise typer.Exit(130) from None


@contextmanager
def _watching() -> Iterator[Stages]:
    from regulars.runtime.cli.screen import watching

    with watching(console) as watch:
        yield watch


def _show(wanted: Wanted, outcome: Outcome) -> None:
    _show_totals(wanted, outcome)
    if outcome.left_aside:
        console.print(f"{outcome.left_aside:,} lines were left aside, as the mapping says.")
    if wanted.dry and outcome.known:
        console.print(f"{outcome.known:,} lines are in the books already.")
    if outcome.wrong or outcome.left_out:
        console.print(f"Lines that were not taken are listed in [bold]{wanted.slips}[/].")
    for one in outcome.mistakes[:_MOST_MISTAKES]:
        where = f"{one.file}, line {one.line}: " if one.line else ""
        console.print(f"{where}{one.wrong}. {one.mend}.", style="bold red", markup=False)
    for refusal in outcome.refusals:
        console.print(refusal[:1].upper() + refusal[1:] + ".", style="bold red", markup=False)
    if outcome.refusals:
        console.print("Nothing was written.")
    elif wanted.dry:
        console.print("This was a dry run; nothing was written.")
    else:
        _show_end(outcome)


def _show_totals(wanted: Wanted, outcome: Outcome) -> None:
    arrived = _arrived(outcome)
    table = Table(title="Control totals", title_justify="left", title_style="bold", box=SIMPLE)
    table.add_column("")
    for heading in ("stated", "in the files", "in the books"):
        table.add_column(heading, justify="right")
    for name, value in outcome.before.items():
        stated = wanted.expected.get(name, "")
        wrong = bool(stated) and stated != value
        style = "red" if wrong else ""
        table.add_row(name, Text(stated, style), Text(value, style), arrived.get(name, ""))
    console.print(table)


def _arrived(outcome: Outcome) -> dict[str, str]:
    """What the books say, by the same names."""
    if not outcome.arrived:
        return {}
    told = outcome.arrived
    found = {name: str(told["lines"].get(name, 0)) for name in ("members", "identifiers")}
    found["activities"] = str(sum(told["activities"].values()))
    for group in ("activities", "tiers", "points", "owed"):
        found |= {f"{group}.{label}": str(n) for label, n in told.get(group, {}).items()}
    return found | {name: str(n) for name, n in told.get("used", {}).items()}


def _show_end(outcome: Outcome) -> None:
    if outcome.was_done:
        console.print("These files were brought over before; nothing was done again.")
    elif outcome.went_on:
        console.print("It went on where it had stopped.")
    said = (
        f"{outcome.taken:,} taken, {outcome.known:,} known before, {outcome.left_out:,} not taken"
    )
    console.print(f"{said}. Nobody was told anything.", style="bold")
