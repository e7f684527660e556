"""Verbs for what is decided by hand: merge, block, courtesy and forgiven debts."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from typing import Annotated, Any, NoReturn
from uuid import UUID

import typer
from rich.console import Console

from regulars.runtime.cli.moving.groups import group
from regulars.runtime.installation.settings import read_settings

console = Console(highlight=False, soft_wrap=True)

Desk = typer.Context
Program = Annotated[str, typer.Option(help="The public name of the program.")]
Whom = Annotated[
    str, typer.Argument(help="mem_…, or kind:value, such as phone:030901820 or card:C-1001.")
]
Into = Annotated[str, typer.Argument(help="The member who stays, named likewise.")]
To = Annotated[str, typer.Argument(help="Who gets them, named likewise.")]
Lot = Annotated[str, typer.Argument(help="The lot: lot_ and 32 digits from 0 to f.")]
Wallet = Annotated[str, typer.Argument(help="The wallet, such as points.")]
Units = Annotated[int, typer.Argument(help="How many of its smallest units.", min=1)]
Until = Annotated[datetime, typer.Argument(help="Until when, in UTC: 2027-06-30T22:00:00.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept.")]
Actor = Annotated[str, typer.Option("--by", help="Who decides it; it is kept.")]
Cost = Annotated[int, typer.Option(help="What it costs the shop, in minor units.", min=0)]
Some = Annotated[int | None, typer.Option("--units", help="So many; all that lapsed, unless said.")]


def register(command: typer.Typer) -> None:
    """Add `points …`, and to `member …` what is decided of one."""
    people = group(command, "member", "Members: who they are, what is kept of them, that it goes.")
    people.callback()(at_desk)
    for name, verb in (("merge", merge), ("unmerge", unmerge), ("block", block),
                       ("unblock", unblock)):  # fmt: skip
        people.command(name)(verb)
    points = typer.Typer(help="Points moved by hand.", no_args_is_help=True)
    points.callback()(at_desk)
    for name, act in (("transfer", transfer), ("extend", extend), ("reinstate", reinstate),
                      ("write-off", write_off)):  # fmt: skip
        points.command(name)(act)
    command.add_typer(points, name="points")


def at_desk(context: typer.Context, program: Program = "", actor: Actor = "") -> None:
    """In which program, and who decides."""
    context.obj = (program, actor)


def merge(desk: Desk, member: Whom, into: Into, reason: Reason) -> None:
    """Two members are one person: the first goes, the second stays and has everything."""
    from regulars.flows.membership.commands import MergeMembers
    from regulars.flows.membership.merge_members import merge_members

    done = _do(
        desk.obj[0], merge_members, MergeMembers(_whom(member), _whom(into), reason, desk.obj[1])
    )
    console.print(f"mem_{done.member_id.hex} stands under mem_{done.into_id.hex} now.")


def unmerge(desk: Desk, member: Whom, reason: Reason) -> None:
    """They were two after all: what was brought goes back while nothing was spent together."""
    from regulars.flows.membership.commands import UnmergeMember
    from regulars.flows.membership.unmerge_members import unmerge_members

    named = _whom(member).id
    if named is None:
        _stop("A merged member is named by their own id: mem_…")
    done = _do(desk.obj[0], unmerge_members, UnmergeMember(named, reason, desk.obj[1]))
    console.print(f"mem_{done.member_id.hex} stands alone again.")


def block(desk: Desk, member: Whom, reason: Reason) -> None:
    """A member may do no more than the program lets blocked members do."""
    _block(desk.obj, member, True, reason)


def unblock(desk: Desk, member: Whom, reason: Reason) -> None:
    """A blocked member may do everything again."""
    _block(desk.obj, member, False, reason)


def transfer(desk: Desk, member: Whom, to: To, wallet: Wallet, units: Units) -> None:
    """A member gives another one points, as far as the program lets them."""
    from regulars.flows.points.commands import Transfer
    from regulars.flows.points.transfer_points import transfer_points

    command = Transfer(_whom(member), _whom(to), wallet, units, actor=desk.obj[1])
    done = _do(desk.obj[0], transfer_points, command)
    console.print(f"{done.units} {wallet} given; {done.giver_balances.get(wallet, 0)} are left.")


def extend(
    desk: Desk, member: Whom, lot: Lot, until: Until, reason: Reason, cost_minor: Cost = 0
) -> None:
    """What is left of a lot lives until later, as a courtesy."""
    from regulars.flows.points.commands import ExtendLot
    from regulars.flows.points.show_courtesy import extend_lots

    end = until if until.tzinfo is not None else until.replace(tzinfo=UTC)
    command = ExtendLot(_whom(member), _id("lot", lot), end, reason, desk.obj[1], cost_minor)
    done = _do(desk.obj[0], extend_lots, command)
    console.print(f"{done.units} {done.wallet} live until {done.expires_at.isoformat()}.")


def reinstate(
    desk: Desk, member: Whom, lot: Lot, reason: Reason, units: Some = None, cost_minor: Cost = 0
) -> None:
    """Points of a lot that lapsed live again, as a courtesy."""
    from regulars.flows.points.commands import ReinstatePoints
    from regulars.flows.points.show_courtesy import reinstate_points

    command = ReinstatePoints(
        _whom(member), _id("lot", lot), reason, desk.obj[1], units, None, cost_minor
    )
    done = _do(desk.obj[0], reinstate_points, command)
    console.print(f"{done.units} {done.wallet} live again until {done.expires_at.isoformat()}.")


def write_off(desk: Desk, member: Whom, wallet: Wallet, reason: Reason) -> None:
    """Forgive all that a member owes in a wallet."""
    from regulars.flows.points.commands import WriteOff
    from regulars.flows.points.write_off_debts import write_off_debts

    done = _do(desk.obj[0], write_off_debts, WriteOff(_whom(member), wallet, reason, desk.obj[1]))
    console.print(f"{done.units} {wallet} are owed no more.")


def _block(desk: tuple[str, str], member: str, blocked: bool, reason: str) -> None:
    from regulars.flows.membership.block_members import block_members
    from regulars.flows.membership.commands import BlockMember

    done = _do(desk[0], block_members, BlockMember(_whom(member), blocked, reason, desk[1]))
    console.print(f"mem_{done.member_id.hex} is {done.state}.")


def _whom(text: str) -> Any:
    from msgspec import convert

    from regulars.records.members.types import MemberRef

    kind, colon, value = text.partition(":")
    if colon and kind in ("phone", "email", "card", "external", "number") and value:
        return convert({kind: value}, MemberRef)
    return MemberRef(id=_id("mem", text))


def _id(kind: str, text: str) -> UUID:
    found = re.fullmatch(f"{kind}_([0-9a-f]{{32}})", text)
    if found is None:
        says = f"{text!r} is not what it must be: {kind}_ and 32 digits from 0 to f"
        _stop(f"{says}, or kind:value such as card:C-1001." if kind == "mem" else f"{says}.")
    return UUID(hex=found[1])


def _do(program: str, flow: Any, command: Any) -> Any:
    """One command in one transaction; a refusal or fault is said, and ends the verb."""
    from regulars.base.faults import Fault, Refused
    from regulars.runtime.installation.running import database_running

    if not program or not getattr(command, "actor", ""):
        _stop("Say in which program and who decides, before the verb: --program NAME --by NAME.")
    with database_running(read_settings()) as where:
        try:
            outcome = asyncio.run(_ask(where, program, (flow, command)))
        except Fault as fault:
            outcome = fault
    if isinstance(outcome, Fault | Refused):
        field = getattr(outcome, "field", "")
        _stop(f"{outcome.code}: {field + ': ' if field else ''}{outcome.says}")
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


def _stop(says: str) -> NoReturn:
    Console(stderr=True, highlight=False, soft_wrap=True).print(
        says, style="bold red", markup=False
    )
    raise typer.Exit(1)
