"""What verbs share that decide something by hand: in which program, who decides, and of whom."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, Any
from uuid import UUID

import typer

from regulars.runtime.cli.screen import stop
from regulars.runtime.installation.settings import read_settings

Desk = typer.Context
Program = Annotated[str, typer.Option(help="The public name of the program.")]
Actor = Annotated[str, typer.Option("--by", help="Who decides it; it is kept.")]


def at_desk(context: typer.Context, program: Program = "", actor: Actor = "") -> None:
    """In which program, and who decides."""
    context.obj = (program, actor)


def whom(text: str) -> Any:
    """A member as they are named at the desk: mem_…, or kind:value."""
    from msgspec import convert

    from regulars.records.members.types import MemberRef

    kind, colon, value = text.partition(":")
    if colon and kind in ("phone", "email", "card", "external", "number") and value:
        return convert({kind: value}, MemberRef)
    return MemberRef(id=id_in("mem", text))


def id_in(kind: str, text: str) -> UUID:
    """The id that is meant; what is no id ends the verb."""
    found = re.fullmatch(f"{kind}_([0-9a-f]{{32}})", text)
    if found is None:
        says = f"{text!r} is not what it must be: {kind}_ and 32 digits from 0 to f"
        stop(f"{says}, or kind:value such as card:C-1001." if kind == "mem" else f"{says}.")
    return UUID(hex=found[1])


def do_one(program: str, flow: Any, command: Any) -> Any:
    """One command in one transaction; a refusal or fault is said, and ends the verb."""
    from regulars.base.faults import Fault, Refused
    from regulars.runtime.installation.running import database_running

    if not program or not getattr(command, "actor", ""):
        stop("Say in which program and who decides, before the verb: --program NAME --by NAME.")
    with database_running(read_settings()) as where:
        try:
            outcome = asyncio.run(_ask(where, program, (flow, command)))
        except Fault as fault:
            outcome = fault
    if isinstance(outcome, Fault | Refused):
        field = getattr(outcome, "field", "")
        stop(f"{outcome.code}: {field + ': ' if field else ''}{outcome.says}")
    return outcome


async def _ask(where: Any, slug: str, asking: tuple[Any, Any]) -> Any:
    from regulars.base.faults import NotFound, StaleTerms
    from regulars.runtime.serving.programs import Programs, program_called
    from regulars.runtime.storage.database import Database

    flow, command = asking
    program_id = await program_called(where.owner, slug)
    if program_id is None:
        raise NotFound(f"there is no program {slug} here")
    database = await Database.connect(where.app, size=2)
    try:
        programs = Programs(database)
        for _ in range(5):
            terms = await programs.terms(program_id)
            try:
                async with database.transaction(program_id) as tx:
                    (outcome,) = await flow(tx, terms, [command])
                    return outcome
            except StaleTerms:
                programs.forget(program_id)
        raise NotFound("the program changes right now; try again in a moment")
    finally:
        await database.close()
