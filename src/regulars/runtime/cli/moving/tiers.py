"""Verbs for tiers that are given by hand: `member tier …`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from regulars.runtime.cli.moving.desk import Desk, do_one, id_in, whom
from regulars.runtime.cli.moving.groups import group

console = Console(highlight=False, soft_wrap=True)

Whom = Annotated[
    str, typer.Argument(help="mem_…, or kind:value, such as phone:030901820 or card:C-1001.")
]
Tier = Annotated[str, typer.Argument(help="The tier, by its short name in the program file.")]
Given = Annotated[str, typer.Argument(help="What was given: tgr_ and 32 digits from 0 to f.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept.")]
Until = Annotated[
    datetime | None, typer.Option(help="Until when, in UTC; until somebody ends it, unless said.")
]
Credit = Annotated[int, typer.Option(help="So much credit keeps it, in the smallest units.", min=1)]
Status = Annotated[
    str, typer.Option(help="What was shown of the status elsewhere, and why it is matched.")
]
Within = Annotated[int, typer.Option(help="Within so many days.", min=1, max=3660)]


def register(command: typer.Typer) -> None:
    """Add `member tier …`."""
    people = group(command, "member", "Members: who they are, what is kept of them, that it goes.")
    verbs = typer.Typer(help="Tiers given by hand.", no_args_is_help=True)
    for name, verb in (("give", give), ("match", match), ("invite", invite), ("accept", accept),
                       ("decline", decline), ("withdraw", withdraw), ("end", end)):  # fmt: skip
        verbs.command(name)(verb)
    people.add_typer(verbs, name="tier")


def give(desk: Desk, member: Whom, tier: Tier, reason: Reason, until: Until = None) -> None:
    """A member gets a tier, whatever their credit."""
    end = until if until is None or until.tzinfo is not None else until.replace(tzinfo=UTC)
    _give(desk, member, tier, reason, kind="granted", until_at=end)


def match(
    desk: Desk, member: Whom, tier: Tier, proof: Status, credit: Credit, within_days: Within
) -> None:
    """A member gets the tier they have elsewhere; so much credit in so many days keeps it."""
    from regulars.flows.membership.tiers.tier_commands import Challenge

    asks = Challenge(credit, within_days)
    _give(desk, member, tier, proof, kind="matched", challenge=asks, proof=proof)


def invite(desk: Desk, member: Whom, tier: Tier, reason: Reason) -> None:
    """A member is invited to a tier that is reached by invitation."""
    _give(desk, member, tier, reason, kind="invited")


def accept(desk: Desk, given: Given) -> None:
    """The member accepted an invitation."""
    _turn(desk, given, "accepted", "")


def decline(desk: Desk, given: Given) -> None:
    """The member declined an invitation."""
    _turn(desk, given, "declined", "")


def withdraw(desk: Desk, given: Given, reason: Reason) -> None:
    """An invitation that nobody answered is taken back."""
    _turn(desk, given, "withdrawn", reason)


def end(desk: Desk, given: Given, reason: Reason) -> None:
    """A tier given by hand is over before its time."""
    _turn(desk, given, "ended", reason)


def _give(desk: Desk, member: str, tier: str, reason: str, **more: Any) -> None:
    from regulars.flows.membership.tiers.give_tiers import give_tiers
    from regulars.flows.membership.tiers.tier_commands import GiveTier

    command = GiveTier(member=whom(member), tier=tier, reason=reason, actor=desk.obj[1], **more)
    _tell(do_one(desk.obj[0], give_tiers, command))


def _turn(
    desk: Desk,
    given: str,
    what: Literal["accepted", "declined", "withdrawn", "ended"],
    reason: str,
) -> None:
    from regulars.flows.membership.tiers.give_tiers import turn_grants
    from regulars.flows.membership.tiers.tier_commands import TurnGrant

    command = TurnGrant(id_in("tgr", given), what, desk.obj[1], reason)
    _tell(do_one(desk.obj[0], turn_grants, command))


def _tell(done: Any) -> None:
    ends = f", until {done.until_at.isoformat()}" if done.until_at is not None else ""
    waits = f", to be answered by {done.answer_by.isoformat()}" if done.state == "waiting" else ""
    console.print(f"tgr_{done.grant_id.hex}: {done.tier} {done.state}{ends}{waits}.")
    console.print(f"mem_{done.member_id.hex} stands on {done.stands or 'no tier'} now.")
