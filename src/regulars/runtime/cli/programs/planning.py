"""Verbs for terms that change: see what a file would change, put it in force, take it back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

import typer
from rich.console import Console

from regulars.runtime.cli.programs.publishing import Accept, From, read_file, start_of
from regulars.runtime.installation.settings import read_settings
from regulars.runtime.problems import SetupProblem

if TYPE_CHECKING:
    from regulars.base.tx import Tx
    from regulars.engine.changing.crowd import What
    from regulars.flows.terms.plan_version import Person, Plan
    from regulars.flows.terms.publish_program import Publication
    from regulars.records.program.read import Withdrawal

console = Console(highlight=False, soft_wrap=True)
Answer = TypeVar("Answer")

File = Annotated[Path, typer.Argument(help="The program file.")]
Names = Annotated[int, typer.Option(help="Show so many members by name.", min=0, max=10_000)]
Sure = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Version = Annotated[int, typer.Argument(help="The number of the version.")]
Reason = Annotated[str, typer.Option(help="Why it is taken back.")]
Program = Annotated[str, typer.Option(help="Which program, where there are several.")]
_GAMES = ("challenge", "streak", "milestone", "leaderboard", "draw")
_FATES = {
    "loses": ("loses", "lose"),
    "kept": (
        "keeps what the new ladder alone would not give",
        "keep what the new ladder alone would not give",
    ),
    "wins": ("wins", "win"),
    "same": ("stays where they are", "stay where they are"),
}
"""What becomes of one member, and of several."""


def add(verbs: typer.Typer) -> None:
    """Add `program plan`, `program apply` and `program withdraw`."""
    verbs.command("plan")(plan)
    verbs.command("apply")(apply)
    verbs.command("withdraw")(withdraw)


def plan(file: File, begins: From = "", names: Names = 10) -> None:
    """Say what a program file would change, for whom, and for how many; nothing is written."""
    planned = _planned(read_file(file), begins, names)
    _show(file, planned.plan, planned.people)
    if planned.plan.errors:
        raise typer.Exit(1)
    console.print("\nNothing was changed. Put it in force with `regulars program apply`.")


def apply(
    file: File, begins: From = "", accept: Accept = None, names: Names = 10, yes: Sure = False
) -> None:
    """Show what a program file changes and for whom, ask, and publish it, from a day on or now."""
    # Read once: what is published is what was shown, however long the answer took.
    source = read_file(file)
    planned = _planned(source, begins, names)
    _show(file, planned.plan, planned.people)
    _make_sure(planned, accept or (), yes=yes)

    async def act(tx: Tx) -> Publication:
        from regulars.flows.terms.publish_program import Said, publish_program

        if await _newest(tx) != planned.newest:
            raise SetupProblem(
                "Another version was published while you looked.", "See it with `program plan`."
            )
        said = Said(accept=tuple(accept or ()))
        start = _instant(source, begins)
        return await publish_program(tx, source, effective_from=start, by="owner", said=said)

    done = _in_books(_slug_of(source), act)
    if not done.fresh:
        console.print(f"Version {done.version} says the same already; nothing was done.")
        return
    console.print(f"Version {done.version} rules from {done.effective_from:%Y-%m-%d %H:%M}Z on.")
    console.print(
        f"Taken back, while nothing was decided by it, with "
        f"`regulars program withdraw {done.version}`.",
        style="dim",
    )


def withdraw(version: Version, reason: Reason, program: Program = "") -> None:
    """Take a version back that nothing was decided by; what it replaced rules in its place."""

    async def act(tx: Tx) -> tuple[Withdrawal, bool]:
        from regulars.flows.terms.withdraw_version import Withdraw, withdraw_version

        return await withdraw_version(tx, Withdraw(version, reason, "owner"))

    taken, fresh = _in_books(program, act)
    if not fresh:
        console.print(f"Version {version} was taken back before; nothing was done.")
        return
    console.print(
        f"Version {version} is taken back. What it replaced rules on as version "
        f"{taken.restored_as}."
    )


class Planned(NamedTuple):
    """What a file would change, whom by name, and the newest version there was then."""

    plan: Plan
    people: list[Person]
    newest: int


def _planned(source: str, begins: str, names: int) -> Planned:
    from regulars.flows.terms.plan_version import people_of_plan, plan_version

    async def act(tx: Tx) -> Planned:
        start = _instant(source, begins)
        found, newest = await plan_version(tx, source, start), await _newest(tx)
        if found.errors or not names:
            return Planned(found, [], newest)
        people: list[Person] = []
        touched: tuple[What, ...] = ("loses", "kept", "wins")
        for ladder in ("", *dict.fromkeys(one.ladder for one in found.groups if one.ladder)):
            some, _ = await people_of_plan(tx, source, start, (touched, None, names), ladder)
            people += some
        return Planned(found, people, newest)

    return _in_books(_slug_of(source), act)


async def _newest(tx: Tx) -> int:
    from regulars.records.program import read

    return max((one.version for one in await read.versions(tx)), default=0)


def _make_sure(planned: Planned, accept: Sequence[str], *, yes: bool) -> None:
    """Stop at what is wrong or not said to be meant; then ask, unless that was answered before."""
    if planned.plan.errors:
        raise typer.Exit(1)
    unsaid = [one.code for one in planned.plan.problems if one.code and one.code not in accept]
    if unsaid:
        told = " ".join(f"--accept {code}" for code in dict.fromkeys(unsaid))
        console.print(f"\nNothing was changed. If this is meant: {told}", markup=False)
        raise typer.Exit(1)
    if not yes:
        typer.confirm("\nPut it in force?", abort=True)


def _slug_of(source: str) -> str:
    from regulars.base.faults import Fault
    from regulars.records.program.reading import read_program

    try:
        return read_program(source).program
    except Fault as fault:
        raise SetupProblem(fault.says, "See it all with `regulars program check`.") from None


def _instant(source: str, begins: str) -> datetime | None:
    from regulars.records.program.reading import read_program

    return start_of(begins, read_program(source).zone) if begins else None


def _in_books(slug: str, act: Callable[[Tx], Awaitable[Answer]]) -> Answer:
    """Do something in the books of this program. Faults are told, with their mend."""
    import asyncio

    from regulars.base.faults import Fault
    from regulars.runtime.cli.serving import prepare
    from regulars.runtime.installation.running import database_running
    from regulars.runtime.serving.programs import program_meant
    from regulars.runtime.storage.database import Database

    async def done(owner: str, app: str) -> Answer:
        program_id = await program_meant(owner, slug, or_only=not slug)
        database = await Database.connect(app, size=1, patience_s=600)
        try:
            async with database.transaction(program_id) as tx:
                return await act(tx)
        finally:
            await database.close()

    settings = read_settings()
    with database_running(settings) as addresses:
        prepare(settings)
        try:
            return asyncio.run(done(addresses.owner, addresses.app))
        except Fault as fault:
            raise SetupProblem(fault.says, "Nothing was changed.") from None


def _show(file: Path, found: Plan, people: list[Person]) -> None:
    from regulars.surfaces.in_words.changed import change_in_words

    for one in found.problems:
        style = "red" if one.severity == "error" else "yellow"
        name = f" [{one.code}]" if one.code else ""
        told = f"{file}:{one.line}:{one.column}: {one.severity}: {one.what}{name}"
        console.print(told, markup=False, style=style)
        if one.mend:
            console.print(f"    {one.mend}", markup=False)
    if found.errors:
        return
    start = f"{found.effective_from:%Y-%m-%d %H:%M}Z"
    console.print(f"\nIn place of version {found.replaces}, from {start} on:", style="bold")
    for change in found.changes:
        members = found.touched.get(change.whom)
        many = "" if members is None else f": {_members(members)}"
        told = change_in_words(found.both, change).removesuffix(")")
        console.print(f"  {told}{many})", markup=False)
    if not found.changes:
        console.print("  Nothing a member could notice.")
    for reward, members in found.out_of_reach.items():
        have = "has" if members == 1 else "have"
        told = f"{_members(members)} {have} enough for {reward} now and would not any more."
        console.print(f"  {told}", markup=False)
    for kept in found.kept:
        until = f"until {kept.until_on}" if kept.until_on else "as long as they live"
        told = f"{kept.members} members keep the worth of {kept.points} {kept.wallet}"
        console.print(f"  {told} (in the smallest unit), {until}.", markup=False)
    _show_rates(found)
    if any(change.kind in _GAMES for change in found.changes):
        console.print("  What prizes of games and boards will cost is not told here; of challenges")
        console.print("  and streaks `regulars replay` says what they would have given.")
    _show_groups(found)
    for person in people:
        name = f"{person.given_name or '-'} ({person.number})"
        told = f"    {name}: {person.tier or 'no tier'} → {person.becomes or 'no tier'}"
        console.print(f"{told}, {_FATES[person.what][0]}", markup=False)


def _members(count: int) -> str:
    return "1 member" if count == 1 else f"{count} members"


def _show_rates(found: Plan) -> None:
    rates = found.rates
    if rates is None:
        return
    told = f"{rates.activities} activities of {rates.members} members since {rates.from_on}"
    sums = {"more": rates.more, "less": rates.less}
    by = [f"{n} {wallet} {way}" for way, of in sums.items() for wallet, n in of.items()]
    told += f" are rated anew: {', '.join(by) or 'nothing'} (in the smallest unit)"
    tail = "" if rates.all_counted else "; there are more members than were looked at"
    console.print(f"  {told}{tail}.", markup=False)


def _show_groups(found: Plan) -> None:
    if not found.foretold:
        console.print("  The new ladder counts what nobody has counted yet: nobody moves at once.")
    for group in found.groups:
        if group.what == "same":
            continue
        tiers = f"{group.tier or 'no tier'} → {group.becomes or 'no tier'}"
        if group.what == "kept":
            tiers = f"{group.tier}, alone it would be {group.by_itself or 'no tier'}"
        ladder = f" ({group.ladder})" if group.ladder else ""
        told = (
            f"  {_members(group.members)} {_FATES[group.what][group.members != 1]}: {tiers}{ladder}"
        )
        console.print(told, markup=False)
