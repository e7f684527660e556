"""The verb that looks an installation over."""

import asyncio

import typer
from rich.console import Console

from regulars.runtime.installation.settings import read_settings

console = Console(highlight=False)


def register(command: typer.Typer) -> None:
    """Add `doctor`."""
    command.command("doctor")(doctor)


def doctor() -> None:
    """Check everything that must be so before points are touched, and say what to do."""
    from regulars.runtime.checking.doctor import Finding, examine
    from regulars.runtime.installation.running import database_running

    settings = read_settings()
    with database_running(settings):
        findings: list[Finding] = asyncio.run(examine(settings))
    for finding in findings:
        sign = "[yellow]![/]" if finding.remarks else "[green]✓[/]"
        console.print(sign if finding.ok else "[bold red]✗[/]", finding.check)
        for problem in (*finding.problems, *finding.remarks):
            console.print(f"    {problem}", markup=False)
    wrong = sum(not finding.ok for finding in findings)
    if wrong:
        console.print(f"[bold red]{wrong} to put right[/]; `regulars serve` refuses until then.")
        raise typer.Exit(1)
    console.print("All is well. Start it with `regulars serve`.")
