"""The verb that takes a whole import back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final
from uuid import UUID

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from regulars.runtime.installation.settings import read_settings
from regulars.runtime.problems import SetupProblem

if TYPE_CHECKING:
    from regulars.records.imports.types import Brought
    from regulars.records.imports.undoing.types import Weighed

console = Console(highlight=False)
_LATEST: Final = 20
KEPT: Final = {
    "spent": "took a reward, used a benefit or stand on an open bill",
    "bought": "bought something or got points since",
    "united": "were merged with others or share a household",
    "changed": "signed in, or something was written down about them since",
    "more": "have rewards, benefits, friends or other things that are no points",
    "was_here": "were members before, and the file brought them more than points",
    "used": "were members before, and some of the points that came are gone",
    "gone": "were erased or merged since",
    "refused": "have a sale that cannot come back",
}
STAYS: Final = {
    "sales_to_nobody": "sales that name no member",
    "codes": "codes of rewards",
    "stock": "what is left of rewards that run out",
    "budgets": "what was used of common budgets",
}

Program = Annotated[str, typer.Argument(help="The program's public name.")]
Which = Annotated[str, typer.Argument(help="The import's id; without one, which there are.")]
Plan = Annotated[bool, typer.Option("--plan", help="Say what it would come to; change nothing.")]
Sure = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
By = Annotated[str, typer.Option(help="Who asks for it; kept with it.")]


def register(command: typer.Typer) -> None:
    """Add `import-undo`."""
    command.command("import-undo")(undo)


def undo(
    program: Program, which: Which = "", plan: Plan = False, yes: Sure = False,
    by: By = "the operator",
) -> None:  # fmt: skip
    """Take a whole import back: shown and asked before, by entries of their own, once."""
    import uvloop

    from regulars.runtime.installation.running import database_running
    from regulars.runtime.logs import set_up_logs

    settings = read_settings()
    set_up_logs(settings, "import")
    try:
        with database_running(settings) as addresses:
            from regulars.runtime.cli.serving import prepare

            prepare(settings)
            program_id = uvloop.run(_program(addresses, program))
            if not which:
                _show_imports(uvloop.run(_imports(addresses.app, program_id)))
                return
            _undo(addresses.app, (program_id, _id(which), by), plan=plan, yes=yes)
    except KeyboardInterrupt:
        console.print("Stopped. The same command goes on where it stopped.")
        raise typer.Exit(130) from None


def _id(text: str) -> UUID:
    try:
        return UUID(text.removeprefix("imp_"))
    except ValueError:
        remedy = "Without one the verb lists them."
        raise SetupProblem(f"{text} is no id of an import.", remedy) from None


async def _program(addresses: Any, slug: str) -> int:
    from regulars.runtime.importing.run import program_of

    return await program_of(addresses, slug)


async def _imports(app: str, program_id: int) -> list[Brought]:
    from regulars.records.imports import read
    from regulars.runtime.storage.database import Database

    database = await Database.connect(app, size=1)
    try:
        async with database.transaction(program_id) as tx:
            return await read.latest(tx, _LATEST)
    finally:
        await database.close()


def _show_imports(found: list[Brought]) -> None:
    table = Table(box=SIMPLE)
    for heading in ("import", "begun", "files", "booked", ""):
        table.add_column(heading, justify="right" if heading == "booked" else "left")
    for one in found:
        state = "taken back" if one.undone_at else "being taken back" if one.undoing else ""
        files = one.files.replace("\n", ", ")
        begun = f"{one.begun_at:%Y-%m-%d %H:%M}"
        table.add_row(f"imp_{one.import_id.hex}", begun, files, f"{one.taken:,}", state)
    console.print(table if found else "Nothing was brought over yet.")


def _undo(app: str, asked: tuple[int, UUID, str], *, plan: bool, yes: bool) -> None:
    import uvloop

    from regulars.base.faults import Fault
    from regulars.runtime.cli.screen import watching
    from regulars.runtime.importing.undoing import undo_import, weigh_undo

    try:
        found = uvloop.run(weigh_undo(app, asked[0], asked[1]))
        _show(found)
        if plan:
            console.print("Nothing was changed.")
            return
        if not yes:
            typer.confirm("Take it back? It cannot be undone.", abort=True)
        with watching(console) as watch:
            done = uvloop.run(undo_import(app, asked, watch))
    except Fault as fault:
        raise SetupProblem(f"{fault.says}.", "Nothing was changed.") from None
    kept = sum(done.kept.values())
    console.print(
        f"{done.members:,} members went, {done.others:,} gave points back, {kept:,} keep "
        "everything. Nobody was told anything.",
        style="bold",
    )


def _show(found: Weighed) -> None:
    table = Table(title="Taking it back", title_justify="left", title_style="bold", box=SIMPLE)
    table.add_column("")
    table.add_column("", justify="right")
    table.add_row("members the file made, who go", f"{found.members:,}")
    table.add_row("members of before, who give points back", f"{found.others:,}")
    table.add_row("sales that come back", f"{found.purchases:,}")
    if found.deeds:
        table.add_row("visits and the like that come back", f"{found.deeds:,}")
    for wallet, points in found.points.items():
        table.add_row(f"{wallet}, in its smallest units", f"{points:,}")
    for reason, n in found.kept.items():
        table.add_row(f"members who keep everything: they {KEPT[reason]}", f"{n:,}")
    for what, n in found.stays.items():
        table.add_row(f"stays: {STAYS[what]}", f"{n:,}")
    console.print(table)
