"""The verb that checks the books."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from regulars.runtime.installation.settings import Settings, read_settings

if TYPE_CHECKING:
    from regulars.insight.verify import Finding, Report

aside = Console(stderr=True, highlight=False)
WRONG, COULD_NOT_RUN = 1, 2


def register(command: typer.Typer) -> None:
    """Add `verify`."""
    command.command("verify")(verify)


def verify(
    as_json: Annotated[bool, typer.Option("--json", help="The whole report for machines.")] = False,
    chain: Annotated[
        bool, typer.Option("--chain", help="Verify instead that nothing was changed since sealed.")
    ] = False,
    anchor: Annotated[
        list[Path] | None,
        typer.Option("--anchor", help="With --chain: a file of checkpoints kept elsewhere."),
    ] = None,
    keys: Annotated[
        Path | None,
        typer.Option("--keys", help="With --chain: public keys to trust instead of the secrets'."),
    ] = None,
) -> None:
    """Check every invariant of the books; exit status 0 right, 1 wrong, 2 could not run."""
    if chain:
        from regulars.runtime.working.sealing.showing import verify_the_chains

        verify_the_chains(read_settings(), anchor or [], keys, as_json)
        return
    if anchor or keys:
        raise typer.BadParameter("--anchor and --keys go with --chain: add it.")
    report = _report(read_settings())
    if as_json:
        sys.stdout.buffer.write(report.as_json() + b"\n")
    else:
        show(report)
    if not report.right:
        raise typer.Exit(WRONG)


def show(report: Report) -> None:
    """The report as a table, and below it everything that is wrong with what to do."""
    console = Console(highlight=False)
    console.print(_table(report))
    for finding in report.wrong:
        _explain(console, finding)
    rows = sum(finding.rows for finding in report.findings)
    checked = f"{len(report.findings)} checks over {rows:,} rows in {report.seconds:.1f} s"
    if report.right:
        console.print(f"[green]The books are right.[/] {checked}.")
    else:
        console.print(f"[bold red]{report.violations:,} violations[/] in {checked}.")


def _report(settings: Settings) -> Report:
    from regulars.insight.verify import CannotVerify
    from regulars.runtime.installation.running import database_running
    from regulars.runtime.problems import SetupProblem
    from regulars.runtime.storage.away import AWAY

    try:
        with database_running(settings) as where:
            return asyncio.run(_look(where.owner))
    except CannotVerify as why:
        says = str(why)
    except SetupProblem as problem:
        says = f"{problem.what} {problem.remedy}"
    except AWAY as error:
        says = f"The database did not answer: {error}. See what `regulars doctor` says."
    aside.print(f"The books could not be checked. {says}", style="bold red", markup=False)
    raise typer.Exit(COULD_NOT_RUN)


async def _look(owner_dsn: str) -> Report:
    from regulars.runtime.checking.books import verify_books

    if not aside.is_terminal:
        return await verify_books(owner_dsn)
    with _bar() as bar:
        return await verify_books(owner_dsn, progress=_Watching(bar))


def _bar() -> Any:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    text = TextColumn("{task.description}")
    return Progress(
        BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn(), text, console=aside,
        transient=True,
    )  # fmt: skip


class _Watching:
    """Shows which check is being made."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None)

    def begins(self, check: Any, place: int, of: int) -> None:
        self._bar.update(self._task, completed=place, total=of, description=check.says)

    def ended(self, finding: Finding) -> None:
        if finding.violations:
            aside.print(f"✗ {finding.says}", style="red", markup=False)


def _table(report: Report) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from regulars.insight.verify.catalogue import AREAS

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    table.add_column("invariant")
    table.add_column("what holds", ratio=1, overflow="fold")
    table.add_column("rows", justify="right")
    table.add_column("wrong", justify="right")
    table.add_column("seconds", justify="right")
    area = ""
    for finding in report.findings:
        if finding.area != area:
            area = finding.area
            table.add_row("", "", f"[bold]{AREAS[area]}[/]", "", "", "")
        table.add_row(
            "[bold red]✗[/]" if finding.violations else "[green]✓[/]",
            ", ".join(finding.invariants),
            finding.says,
            f"{finding.rows:,}",
            f"[bold red]{finding.violations:,}[/]" if finding.violations else "0",
            f"{finding.seconds:.2f}",
        )
    return table


def _explain(console: Console, finding: Finding) -> None:
    from regulars.insight.verify.report import line_of

    name = f"{', '.join(finding.invariants)} {finding.check}"
    console.print(f"[bold red]✗ {name}[/]: {finding.violations:,} violations")
    console.print(f"  What it means: {finding.fails_when}", markup=False)
    console.print(f"  What to do: {finding.mend}", markup=False)
    for example in finding.examples:
        console.print(f"    {line_of(example)}", markup=False, soft_wrap=True)
    if finding.violations > len(finding.examples):
        console.print(f"    … and {finding.violations - len(finding.examples):,} more")
    console.print()
