"""Verbs about extracts for a warehouse: when they are written, and which are there."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

import typer
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from regulars.runtime.cli.moving.desk import Desk, at_desk, do_one
from regulars.runtime.cli.screen import stop
from regulars.runtime.installation.settings import read_settings

console = Console(highlight=False, soft_wrap=True)
SHOWN: Final = 10
_TIME: Final = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")

At = Annotated[str, typer.Argument(help="The time of day by the shop's clock, as 03:00.")]
Folder = Annotated[str, typer.Argument(help="A folder below the program's own, as warehouse.")]
Csv = Annotated[bool, typer.Option("--csv", help="As CSV and not as Parquet.")]


class _Asked(Struct, frozen=True):
    """What was typed, and by whom."""

    actor: str
    wish: Any = None


def register(command: typer.Typer) -> None:
    """Add `extracts …`."""
    verbs = typer.Typer(help="What is fresh, written every day.", no_args_is_help=True)
    verbs.callback()(at_desk)
    for verb in (show, keep, now, end):
        verbs.command(verb.__name__)(verb)
    command.add_typer(verbs, name="extracts")


def show(desk: Desk) -> None:
    """When and where extracts are written, and the last of them."""
    from regulars.surfaces.connect.extracts.wire import clock_of

    plan, runs = do_one(desk.obj[0], _shown, _Asked(desk.obj[1]))
    if plan is None:
        console.print("No extracts are planned.")
    else:
        state = "paused" if plan.state == "paused" else f"next {plan.next_at.isoformat()}"
        where = f"{plan.place} {plan.address}".strip()
        console.print(f"Every day at {clock_of(plan.at_minute)}: {where}, {state}", markup=False)
        if plan.problem:
            console.print(f"The last one is not there yet: {plan.problem}.", markup=False)
    table = Table("extract", "state", "kind", "files", "rows")
    for run in runs:
        table.add_row(run.name, run.state, run.kind, f"{run.files:,}", f"{run.rows:,}")
    console.print(table)


def keep(desk: Desk, at: At, folder: Folder = "", csv: Csv = False) -> None:
    """Have them written into a folder; servers and object stores are entered in the console."""
    from pathlib import PurePosixPath

    from regulars.flows.errands.keep_extracts import PlanExtracts
    from regulars.records.access.staff.types import By
    from regulars.surfaces.connect.extracts.wire import clock_of, minutes_of

    if not _TIME.fullmatch(at):
        stop(f"{at!r} is no time of day: write it as 03:00.")
    if read_settings().extracts_folder is None:
        stop("No folder is open to extracts: set REGULARS_EXTRACTS_FOLDER, for the worker too.")
    steps = folder.split("/") if folder else []
    if PurePosixPath(folder).is_absolute() or {"", ".", ".."} & set(steps) or "\\" in folder:
        stop(f"{folder!r} is no folder below the program's own, such as warehouse.")
    written: Any = "csv" if csv else "parquet"
    wish = PlanExtracts(By(words=desk.obj[1]), "folder", folder, minutes_of(at), written)
    done = do_one(desk.obj[0], _planned, _Asked(desk.obj[1], wish))
    console.print(f"Every day at {clock_of(done.at_minute)}; next {done.next_at.isoformat()}.")


def now(desk: Desk) -> None:
    """Have the worker write the next one at once."""
    from regulars.flows.errands.keep_extracts import WriteNow
    from regulars.records.access.staff.types import By

    do_one(desk.obj[0], _now, _Asked(desk.obj[1], WriteNow(By(words=desk.obj[1]))))
    console.print("The worker writes it now; `regulars extracts show` says when it is there.")


def end(desk: Desk) -> None:
    """Write none any more; what is there stays."""
    from regulars.flows.errands.keep_extracts import EndExtracts
    from regulars.records.access.staff.types import By

    do_one(desk.obj[0], _ended, _Asked(desk.obj[1], EndExtracts(By(words=desk.obj[1]))))
    console.print("No extracts are written any more.")


async def _shown(tx: Any, _terms: Any, _asked: Any) -> list[Any]:
    from regulars.records.errands.extracts import read

    return [(await read.plan(tx), await read.page(tx, None, SHOWN))]


async def _planned(tx: Any, terms: Any, asked: list[_Asked]) -> Any:
    from regulars.flows.errands.keep_extracts import plan_extracts

    return await plan_extracts(tx, terms, [one.wish for one in asked])


async def _now(tx: Any, _terms: Any, asked: list[_Asked]) -> Any:
    from regulars.flows.errands.keep_extracts import write_now

    return await write_now(tx, [one.wish for one in asked])


async def _ended(tx: Any, _terms: Any, asked: list[_Asked]) -> Any:
    from regulars.flows.errands.keep_extracts import end_extracts

    return await end_extracts(tx, [one.wish for one in asked])
