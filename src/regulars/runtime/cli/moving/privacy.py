"""Verbs for what a person may ask: what is kept of them, and that it goes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from regulars.runtime.cli.moving.exporting import run, stop
from regulars.runtime.cli.moving.groups import group
from regulars.runtime.installation.settings import read_settings

console = Console(highlight=False, soft_wrap=True)

Who = Annotated[str, typer.Argument(help="An id, telephone, e-mail, card, external id or number.")]
Program = Annotated[str, typer.Option(help="Which program, where there are several.")]
Sure = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
By = Annotated[str, typer.Option(help="Who asks for it; kept with the erasure.")]


def register(command: typer.Typer) -> None:
    """Add `member export`, `member erase`, `erase` and `quarantine`."""
    verbs = group(command, "member", "Members: who they are, what is kept of them, that it goes.")
    verbs.command("export")(export_person)
    verbs.command("erase")(erase_person)
    command.command("erase")(erase_list)
    command.command("quarantine")(quarantine)


def export_person(who: Who, program: Program = "") -> None:
    """Print everything that is kept of a person, as JSON."""

    async def work(house: Any) -> None:
        import msgspec

        from regulars.insight.export.person import person

        member_id = await house.member(who)
        currency = (await house.terms()).versions[-1].program.currency
        async with house.database.transaction(house.program_id) as tx:
            told = {"id": f"mem_{member_id.hex}", "as_of": tx.now}
            told["holds"] = await person(tx, currency, member_id)
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n")

    _within(program, work)


def erase_person(
    who: Who, program: Program = "", by: By = "the operator", yes: Sure = False
) -> None:
    """Erase everything personal of a person; it cannot be undone."""

    async def work(house: Any) -> None:
        from regulars.base.faults import Fault
        from regulars.flows.membership.erase_members import erase_members
        from regulars.records.members.types import Asked, EraseMember

        member_id = await house.member(who)
        if not yes:
            typer.confirm(f"Erase mem_{member_id.hex}? It cannot be undone.", abort=True)
        terms = await house.terms()
        async with house.database.transaction(house.program_id) as tx:
            (done,) = await erase_members(tx, terms, [EraseMember(member_id, asked=Asked(by))])
        if isinstance(done, Fault):
            raise done
        when = f"{done.erased_at:%Y-%m-%d %H:%M} UTC"
        if done.replayed:
            console.print(f"mem_{member_id.hex} was erased before, on {when}.")
            return
        console.print(
            f"mem_{member_id.hex} is erased as of {when}; {done.voided} redemptions voided."
        )
        console.print(
            "Older backups still have them: keep `regulars erase --write-list FILE` apart."
        )

    _within(program, work)


def erase_list(
    program: Program = "",
    write_list: Annotated[
        Path | None, typer.Option(help="Write the erasure list, to be kept apart from backups.")
    ] = None,
    reapply: Annotated[
        Path | None, typer.Option(help="Erase again whoever is on this list, after a restore.")
    ] = None,
) -> None:
    """Keep the erasure list in a file, or apply it to a backup that was restored."""
    from regulars.base.faults import Invalid

    if (write_list is None) == (reapply is None):
        raise stop(Invalid("Say --write-list FILE or --reapply FILE; to erase: member erase WHO."))

    async def work(house: Any) -> None:
        from regulars.runtime.backup.erasure_list import apply_list, keep_list, list_in, read_list

        if write_list is not None:
            found = await read_list(house.owner, house.program_id, house.slug)
            if aside := keep_list(found, write_list):
                console.print(f"What was there is no list of this program: kept as {aside}.")
            console.print(
                f"{len(found.members)} erasures: {write_list} (keep it as you keep backups)."
            )
            return
        assert reapply is not None
        found = list_in(reapply)
        if found.program != house.slug:
            raise Invalid(f"this list is of the program {found.program}", field="--reapply")
        done = await apply_list(house.owner, house.database, house.program_id, found)
        console.print(
            f"{done.erased} erased again, {done.erased_before} were erased already, "
            f"{done.not_here} are not in this backup; {done.names} names are on the list."
        )

    _within(program, work)


def quarantine(
    program: Program = "",
    most: Annotated[int, typer.Option(min=1, max=10_000, help="How many, the latest first.")] = 50,
) -> None:
    """List what was told of erased members; nothing of it was booked."""

    async def work(house: Any) -> None:
        from regulars.records.members.erasure import read

        async with house.database.transaction(house.program_id) as tx:
            found = await read.quarantine(tx, before=None, limit=most)
        for one in found:
            late = one.late
            what = f"{late.kind} {late.external_id}".strip() if late.kind else "joined"
            console.print(
                f"{one.recorded_at:%Y-%m-%d %H:%M} mem_{late.member_id.hex} {what} "
                f"from {late.source or late.actor or 'nobody named'}",
                markup=False,
            )
        console.print(f"{len(found)} shown." if found else "Nothing is in quarantine.")

    _within(program, work)


def _within(program: str, work: Any) -> None:
    """Do this in the program that is meant; faults are told with what to do."""
    from regulars.base.faults import Fault
    from regulars.runtime.installation.house import house
    from regulars.runtime.installation.running import database_running

    async def opened(where: Any) -> None:
        async with house(where, program) as found:
            await work(found)

    try:
        with database_running(read_settings()) as where:
            run(opened(where))
    except Fault as fault:
        raise stop(fault) from None
