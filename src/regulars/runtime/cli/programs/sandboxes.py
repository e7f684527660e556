"""Verbs for sandboxes: made, moved through time, begun anew, taken home, ended."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Console

from regulars.runtime.cli.screen import stop
from regulars.runtime.installation.settings import read_settings

if TYPE_CHECKING:
    from regulars.records.night.sandbox.types import Sandbox
    from regulars.records.program.changes.types import Draft
    from regulars.runtime.storage.database import Database

console = Console(highlight=False, soft_wrap=True)
LOOK_EVERY_S: Final = 0.2
STILL_S: Final = 20.0
"""After so long without a step nobody seems to be at work."""

Name = Annotated[str, typer.Argument(help="The sandbox: small letters, digits and hyphens.")]
Program = Annotated[
    str, typer.Option(help="The public name of the program; may be left out where there is one.")
]
Version = Annotated[int, typer.Option(help="Which version it begins with; the one in force.")]
Days = Annotated[int, typer.Option(help="So many days on.")]
To = Annotated[str, typer.Option(help="Until this instant, as in 2027-03-01T12:00:00Z.")]
As = Annotated[str, typer.Option(help="The draft it becomes; named as the sandbox is.")]
Over = Annotated[bool, typer.Option("--over", help="Write over a draft of that name.")]

Act = Callable[["Database", int], Awaitable[Any]]


def register(verbs: typer.Typer) -> None:
    """Add `sandbox …`."""
    command = typer.Typer(help="Sandboxes: programs to try things in.", no_args_is_help=True)
    for name, verb in (
        ("make", make), ("list", show_all), ("move", move), ("renew", renew),
        ("promote", promote), ("end", end),
    ):  # fmt: skip
        command.command(name)(verb)
    verbs.add_typer(command, name="sandbox")


def make(name: Name, program: Program = "", version: Version = 0) -> None:
    """Make a sandbox of a program. Its test key is shown this once."""
    from regulars.flows.access.api_keys import CreateKey, create_keys
    from regulars.flows.terms.sandboxes import keep_sandboxes as flows
    from regulars.records.access.staff.types import By
    from regulars.records.access.types import Scope
    from regulars.records.members.types import Asked

    by = "regulars sandbox make"
    everything = frozenset({Scope.ALL})

    async def act(database: Database, program_id: int) -> str:
        wish = flows.MakeSandbox(name, Asked(by), version or None)
        async with database.transaction(program_id) as tx:
            founded = _granted(await flows.make_sandbox(tx, wish, By(words=by)))
        async with database.transaction(founded.program_id) as tx:
            await flows.open_sandbox(tx, founded.source, by)
            first = CreateKey("first key", (Scope.ALL,), by, mode="test", may=everything)
            (made,) = await create_keys(tx, os.urandom, [first])
        return str(_granted(made).shown)

    console.print(_do(program, act), markup=False)
    aside = Console(stderr=True, highlight=False, soft_wrap=True)
    aside.print("It opens everything in the sandbox, and nobody can show it again.")


def show_all(program: Program = "") -> None:
    """The sandboxes of a program, and what their clocks show."""
    from regulars.records.night.sandbox.read import sandboxes

    async def act(database: Database, program_id: int) -> Any:
        async with database.transaction(program_id) as tx:
            return [(one, tx.now + one.ahead) for one in await sandboxes(tx)]

    found = _do(program, act)
    for one, now in found:
        moving = f"  {one.gone(now)} % of the way to {_shown(one.to_at)}" if one.to_at else ""
        console.print(f"{one.name}  {_shown(now)}{moving}", markup=False)
    if not found:
        console.print("There is no sandbox yet. Make one: regulars sandbox make NAME")


def move(name: Name, days: Days = 0, to: To = "", program: Program = "") -> None:
    """Move the clock of a sandbox forward, with all its nights; the server does it."""
    from regulars.flows.terms.sandboxes.move_clock import MoveClock, move_clock
    from regulars.records.members.types import Asked

    if bool(days) == bool(to):
        stop("Say how far: --days 30, or --to 2027-03-01T12:00:00Z; one of the two.")
    asked = Asked("regulars sandbox move")
    wish = MoveClock(asked, _instant(to)) if to else MoveClock(asked, by=timedelta(days=days))

    async def act(database: Database, program_id: int) -> datetime | None:
        inside = (await _called(database, program_id, name)).program_id
        async with database.transaction(inside) as tx:
            _granted(await move_clock(tx, wish))
        return await _arrived(database, inside)

    there = _do(program, act)
    if there is None:
        stop(
            "The clock is set moving, and nothing moves it: the server does. Start it with "
            "`regulars serve`; it goes on from where it is."
        )
    console.print(f"{name} shows {_shown(there)}.", markup=False)


async def _arrived(database: Database, program_id: int) -> datetime | None:
    """What the clock shows when it is there; nothing when it stands still."""
    from regulars.records.night.sandbox.read import own

    last, still = -1, 0.0
    while still < STILL_S:
        async with database.transaction(program_id) as tx:
            there, now = await own(tx), tx.now
        if there is None or not there.moves:
            return now
        done = there.gone(now)
        if done != last:
            console.print(f"{done} %  {_shown(now)}", markup=False)
        still = 0.0 if done != last else still + LOOK_EVERY_S
        last = done
        await asyncio.sleep(LOOK_EVERY_S)
    return None


def renew(name: Name, program: Program = "") -> None:
    """Begin a sandbox anew: its terms, stores and keys stay, everything else goes."""
    from regulars.flows.terms.sandboxes.keep_sandboxes import renew_sandbox
    from regulars.records.access.staff.types import By
    from regulars.surfaces.api.operations.terms.sandboxes import emptied

    by = "regulars sandbox renew"

    async def act(database: Database, program_id: int) -> None:
        await emptied(database.transaction, program_id, name)
        async with database.transaction(program_id) as tx:
            await renew_sandbox(tx, name, By(words=by), by)

    _do(program, act)
    console.print(f"{name} is as on its first day.", markup=False)


def promote(name: Name, draft: As = "", over: Over = False, program: Program = "") -> None:
    """Take home what a sandbox promises: a draft of the program, to be compared and published."""
    from regulars.flows.terms.keep_drafts import KeepDraft, keep_draft
    from regulars.records.program.changes import read as drafts
    from regulars.surfaces.api.operations.terms.sandboxes import inside

    kept_as = draft or name

    async def act(database: Database, program_id: int) -> Any:
        there = await _called(database, program_id, name)
        source, anew = await inside(database.transaction, there.program_id)
        async with database.transaction(program_id) as tx:
            before = await drafts.draft(tx, kept_as)
            if before is None or before.source != source:
                if before is not None and not over:
                    stop(_in_the_way(before))
                number = before.revision if before else 0
                await keep_draft(tx, KeepDraft(kept_as, source, number, "regulars sandbox promote"))
        return anew

    anew = _do(program, act)
    console.print(f"It is the draft {kept_as} now: look at it in the console, and publish it.")
    for one in anew:
        console.print(f"To be made anew: {one.kind} {one.name}  {one.says}", markup=False)


def _in_the_way(draft: Draft) -> str:
    """What somebody is told whose draft would go."""
    return (
        f"There is a draft {draft.name} already: revision {draft.revision}, by {draft.changed_by}. "
        "Say another with --draft, or --over to write over it."
    )


def end(name: Name, program: Program = "") -> None:
    """Delete a sandbox with everything in it."""
    from regulars.flows.terms.sandboxes.keep_sandboxes import end_sandbox
    from regulars.records.access.staff.types import By
    from regulars.surfaces.api.operations.terms.sandboxes import emptied

    async def act(database: Database, program_id: int) -> None:
        await emptied(database.transaction, program_id, name)
        async with database.transaction(program_id) as tx:
            await end_sandbox(tx, name, By(words="regulars sandbox end"))

    _do(program, act)
    console.print(f"{name} is gone.", markup=False)


async def _called(database: Database, program_id: int, name: str) -> Sandbox:
    from regulars.flows.terms.sandboxes.keep_sandboxes import the_sandbox

    async with database.transaction(program_id) as tx:
        return await the_sandbox(tx, name)


def _instant(said: str) -> datetime:
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        stop(f"{said!r} is no instant; write one as in 2027-03-01T12:00:00Z.")
    return at.replace(tzinfo=at.tzinfo or UTC)


def _shown(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}Z" if at else ""


def _granted(outcome: Any) -> Any:
    """What came of it; a fault is raised, a refusal ends the verb."""
    from regulars.base.faults import Fault, Refused

    if isinstance(outcome, Fault):
        raise outcome
    if isinstance(outcome, Refused):
        stop(f"{outcome.code}: {outcome.says}.")
    return outcome


def _do(program: str, act: Act) -> Any:
    """With the database and the number of the program; a fault is said, and ends the verb."""
    from regulars.base.faults import Fault
    from regulars.runtime.installation.running import database_running

    with database_running(read_settings()) as where:
        try:
            return asyncio.run(_ask(where, program, act))
        except Fault as fault:
            field = f"{fault.field}: " if fault.field else ""
            stop(f"{fault.code}: {field}{fault.says}.")


async def _ask(where: Any, slug: str, act: Act) -> Any:
    from regulars.runtime.serving.programs import program_meant
    from regulars.runtime.storage.database import Database

    program_id = await program_meant(where.owner, slug, or_only=not slug)
    database = await Database.connect(where.app, size=1)
    try:
        return await act(database, program_id)
    finally:
        await database.close()
