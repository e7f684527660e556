"""The verb that works out again what is kept beside the books."""

import asyncio
from collections import Counter
from typing import Annotated

import typer
from rich.console import Console

from regulars.runtime.installation.settings import read_settings

console = Console(highlight=False, soft_wrap=True)
MOST_SHOWN = 20
WRONG = 1


def register(command: typer.Typer) -> None:
    """Add `rebuild`."""
    command.command("rebuild")(rebuild)


def rebuild(
    repair: Annotated[
        bool, typer.Option("--repair", help="Put right what differs; each change is logged.")
    ] = False,
) -> None:
    """Work out balances, lots, tiers, counters and stock again from the books, and compare."""
    from regulars.insight.rebuild import Difference
    from regulars.insight.verify import CannotVerify
    from regulars.runtime.checking.rebuild import rebuild as work_out_again
    from regulars.runtime.installation.running import database_running
    from regulars.runtime.logs import set_up_logs
    from regulars.runtime.problems import SetupProblem

    settings = read_settings()
    set_up_logs(settings, "rebuild")
    with database_running(settings) as where:
        try:
            rebuilt = asyncio.run(work_out_again(where.owner, repair=repair))
        except CannotVerify as why:
            raise SetupProblem(str(why), "") from None
    found: list[Difference] = list(rebuilt.differences)
    for cache, rows in Counter(one.cache for one in found).items():
        console.print(f"[bold]{cache}[/]: {rows:,} rows differ")
        for one in [each for each in found if each.cache == cache][:MOST_SHOWN]:
            says = " ".join(f"{name}={value}" for name, value in one.row.items())
            console.print(f"    {says}", markup=False)
    if not found:
        console.print("[green]Everything is what the books come to.[/]")
    elif repair:
        console.print(f"{rebuilt.mended:,} rows mended. Check the whole with `regulars verify`.")
    else:
        console.print("Nothing was changed. `regulars rebuild --repair` puts it right.")
        raise typer.Exit(WRONG)
