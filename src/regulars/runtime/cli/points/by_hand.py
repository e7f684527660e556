"""Verbs for what is decided by hand: merge, block, courtesy and forgiven debts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from regulars.runtime.cli.moving.desk import Desk, at_desk, do_one, id_in, whom
from regulars.runtime.cli.moving.groups import group
from regulars.runtime.cli.screen import stop

console = Console(highlight=False, soft_wrap=True)

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


def merge(desk: Desk, member: Whom, into: Into, reason: Reason) -> None:
    """Two members are one person: the first goes, the second stays and has everything."""
    from regulars.flows.membership.commands import MergeMembers
    from regulars.flows.membership.merge_members import merge_members

    done = do_one(
        desk.obj[0], merge_members, MergeMembers(whom(member), whom(into), reason, desk.obj[1])
    )
    console.print(f"mem_{done.member_id.hex} stands under mem_{done.into_id.hex} now.")


def unmerge(desk: Desk, member: Whom, reason: Reason) -> None:
    """They were two after all: what was brought goes back while nothing was spent together."""
    from regulars.flows.membership.commands import UnmergeMember
    from regulars.flows.membership.unmerge_members import unmerge_members

    named = whom(member).id
    if named is None:
        stop("A merged member is named by their own id: mem_…")
    done = do_one(desk.obj[0], unmerge_members, UnmergeMember(named, reason, desk.obj[1]))
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

    command = Transfer(whom(member), whom(to), wallet, units, actor=desk.obj[1])
    done = do_one(desk.obj[0], transfer_points, command)
    console.print(f"{done.units} {wallet} given; {done.giver_balances.get(wallet, 0)} are left.")


def extend(
    desk: Desk, member: Whom, lot: Lot, until: Until, reason: Reason, cost_minor: Cost = 0
) -> None:
    """What is left of a lot lives until later, as a courtesy."""
    from regulars.flows.points.commands import ExtendLot
    from regulars.flows.points.show_courtesy import extend_lots

    end = until if until.tzinfo is not None else until.replace(tzinfo=UTC)
    command = ExtendLot(whom(member), id_in("lot", lot), end, reason, desk.obj[1], cost_minor)
    done = do_one(desk.obj[0], extend_lots, command)
    console.print(f"{done.units} {done.wallet} live until {done.expires_at.isoformat()}.")


def reinstate(
    desk: Desk, member: Whom, lot: Lot, reason: Reason, units: Some = None, cost_minor: Cost = 0
) -> None:
    """Points of a lot that lapsed live again, as a courtesy."""
    from regulars.flows.points.commands import ReinstatePoints
    from regulars.flows.points.show_courtesy import reinstate_points

    command = ReinstatePoints(
        whom(member), id_in("lot", lot), reason, desk.obj[1], units, None, cost_minor
    )
    done = do_one(desk.obj[0], reinstate_points, command)
    console.print(f"{done.units} {done.wallet} live again until {done.expires_at.isoformat()}.")


def write_off(desk: Desk, member: Whom, wallet: Wallet, reason: Reason) -> None:
    """Forgive all that a member owes in a wallet."""
    from regulars.flows.points.commands import WriteOff
    from regulars.flows.points.write_off_debts import write_off_debts

    done = do_one(desk.obj[0], write_off_debts, WriteOff(whom(member), wallet, reason, desk.obj[1]))
    console.print(f"{done.units} {wallet} are owed no more.")


def _block(desk: tuple[str, str], member: str, blocked: bool, reason: str) -> None:
    from regulars.flows.membership.block_members import block_members
    from regulars.flows.membership.commands import BlockMember

    done = do_one(desk[0], block_members, BlockMember(whom(member), blocked, reason, desk[1]))
    console.print(f"mem_{done.member_id.hex} is {done.state}.")
