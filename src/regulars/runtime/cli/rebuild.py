"""The verbs that work out from the books what is kept beside them, now or at another instant."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from regulars.runtime.installation.settings import read_settings

if TYPE_CHECKING:
    from regulars.runtime.checking.counting import Recounted

console = Console(highlight=False, soft_wrap=True)
MOST_SHOWN = 20
WRONG = 1


def register(command: typer.Typer) -> None:
    """Add `rebuild` and `balances`."""
    command.command("rebuild")(rebuild)
    command.command("balances")(balances)


def balances(
    program: Annotated[str, typer.Argument(help="The program's public name.")],
    member: Annotated[str, typer.Argument(help="The member's loyalty number, or mem_ and id.")],
    as_of: Annotated[str, typer.Option(help="What had happened by then, as in 2026-01-31.")] = "",
    as_known: Annotated[str, typer.Option(help="What we had booked by then.")] = "",
) -> None:
    """Show what a member held as of an instant, as we knew it at another, from the books alone."""
    from regulars.runtime.checking.holdings import held
    from regulars.runtime.installation.running import database_running

    settings = read_settings()
    with database_running(settings) as where:
        found = asyncio.run(held(where, program, member, (as_of, as_known)))
    for wallet, one in found.items():
        console.print(
            f"{wallet}: {one.available:,} available, {one.pending:,} pending, {one.held:,} held, "
            f"{one.debt:,} owed, {one.earned:,} earned",
            markup=False,
        )
    if not found:
        console.print("Nothing had moved by then.")


def rebuild(
    repair: Annotated[
        bool, typer.Option("--repair", help="Put right what differs; each change is logged.")
    ] = False,
) -> None:
    """Work out balances, lots, tiers, counters and stock again from the books, and compare; and
    what is counted beforehand for screens."""
    from regulars.insight.rebuild import Difference
    from regulars.insight.verify import CannotVerify
    from regulars.runtime.checking.counting import recount
    from regulars.runtime.checking.rebuild import rebuild as work_out_again
    from regulars.runtime.installation.running import database_running
    from regulars.runtime.logs import set_up_logs
    from regulars.runtime.problems import SetupProblem

    settings = read_settings()
    set_up_logs(settings, "rebuild")
    with database_running(settings) as where:
        try:
            rebuilt = asyncio.run(work_out_again(where.owner, repair=repair))
            counted: list[Recounted] = asyncio.run(recount(where, _shows, repair=repair))
        except CannotVerify as why:
            raise SetupProblem(str(why), "") from None
    found: list[Difference] = list(rebuilt.differences)
    for cache, rows in Counter(one.cache for one in found).items():
        console.print(f"[bold]{cache}[/]: {rows:,} rows differ")
        for one in [each for each in found if each.cache == cache][:MOST_SHOWN]:
            says = " ".join(f"{name}={value}" for name, value in one.row.items())
            console.print(f"    {says}", markup=False)
    counted = [one for one in counted if one.rows or one.sums]
    for many in counted:
        _say(many)
    if not (found or counted):
        console.print("[green]Everything is what the books come to.[/]")
    elif repair:
        console.print(f"{rebuilt.mended:,} rows mended. Check the whole with `regulars verify`.")
    else:
        console.print("Nothing was changed. `regulars rebuild --repair` puts it right.")
        raise typer.Exit(WRONG)


def _shows(program_id: int, members: int, looked: int) -> None:
    console.print(f"program {program_id}: {looked:,} of {members:,} members counted again")


def _say(many: Recounted) -> None:
    console.print(
        f"[bold]counted for screens[/], program {many.program_id}: {many.rows:,} rows of members "
        f"and {len(many.sums):,} sums differ"
    )
    for one in many.sums[:MOST_SHOWN]:
        console.print(f"    {one}", markup=False)
