"""Verbs about settlements of partners: how often they are made, where they are put, and how far."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Final, cast

import typer
from msgspec import Struct
from rich.console import Console

from regulars.runtime.cli.moving.desk import Desk, at_desk, do_one
from regulars.runtime.cli.screen import day_of, stop
from regulars.runtime.installation.settings import read_settings

console = Console(highlight=False, soft_wrap=True)
_STEP: Final = re.compile(r"(?!\.\.?$)[^/\\\0]+")

Partner = Annotated[str, typer.Argument(help="The partner, by its short name such as sky-air.")]
Every = Annotated[str, typer.Argument(help="day, week or month.")]
Folder = Annotated[str, typer.Argument(help="A folder below the program's own, as sky-air.")]
Parquet = Annotated[bool, typer.Option("--parquet", help="As Parquet and not as CSV.")]
Paused = Annotated[bool, typer.Option("--paused", help="Put none for now.")]
FromDay = Annotated[str, typer.Argument(help="Whatever was settled of this day or later: "
                                             "2027-03-01.")]  # fmt: skip


class _Asked(Struct, frozen=True):
    """What was typed, and by whom."""

    actor: str
    partner: str
    wish: Any = None


def register(command: typer.Typer) -> None:
    """Add `settlements …`."""
    verbs = typer.Typer(help="Settlements of partners, put where each fetches them.",
                        no_args_is_help=True)  # fmt: skip
    verbs.callback()(at_desk)
    for verb in (show, keep, now, again, end):
        verbs.command(verb.__name__)(verb)
    command.add_typer(verbs, name="settlements")


def show(desk: Desk, partner: Partner) -> None:
    """When and where the settlements of a partner are put, and how far that is."""
    plan, last = do_one(desk.obj[0], _shown, _Asked(desk.obj[1], partner))
    made = 0 if last is None else last.number
    if plan is None:
        console.print(f"Settlements of {partner} are put nowhere by themselves; {made} are made.")
        return
    state = "paused" if plan.state == "paused" else f"next {plan.next_at.isoformat()}"
    where = f"{plan.place} {plan.address}".strip()
    console.print(f"Every {plan.every}, as {plan.format}: {where}, {state}", markup=False)
    console.print(f"{plan.put_number} of {made} are there.")
    if plan.problem:
        console.print(f"The last one is not there yet: {plan.problem}.", markup=False)


def keep(
    desk: Desk, partner: Partner, every: Every, folder: Folder = "",
    parquet: Parquet = False, paused: Paused = False,
) -> None:  # fmt: skip
    """Have them put into a folder; servers and object stores are entered in the console."""
    from regulars.flows.points.partners.keep_settlement_plans import PlanSettlements
    from regulars.records.access.staff.types import By
    from regulars.records.rewards.partners.settling.types import Every as Often

    if every not in ("day", "week", "month"):
        stop(f"{every!r} is neither day nor week nor month.")
    if read_settings().extracts_folder is None:
        stop("No folder is open to it: set REGULARS_EXTRACTS_FOLDER, for the worker too.")
    if folder and not all(_STEP.fullmatch(step) for step in folder.split("/")):
        stop(f"{folder!r} is no folder below the program's own, such as sky-air.")
    written: Any = "parquet" if parquet else "csv"
    by, often = By(words=desk.obj[1]), cast("Often", every)
    wish = PlanSettlements(by, partner, often, "folder", folder, written, paused=paused)
    done = do_one(desk.obj[0], _planned, _Asked(desk.obj[1], partner, wish))
    state = "paused" if done.state == "paused" else f"next {done.next_at.isoformat()}"
    console.print(f"Every {done.every}; {state}.")


def now(desk: Desk, partner: Partner) -> None:
    """Have the worker settle up to today, and put it there, at once."""
    from regulars.flows.points.partners.keep_settlement_plans import SettleNow, settle_now
    from regulars.records.access.staff.types import By

    wish = SettleNow(By(words=desk.obj[1]), partner)
    do_one(desk.obj[0], _by(settle_now), _Asked(desk.obj[1], partner, wish))
    console.print("The worker does it now; `regulars settlements show` says when it is there.")


def again(desk: Desk, partner: Partner, day: FromDay) -> None:
    """Have what was settled from a day on put there; what lies there already stays as it is."""
    from regulars.flows.points.partners.keep_settlement_plans import PutFrom, put_from
    from regulars.records.access.staff.types import By

    on = cast("date", day_of(day, "day"))
    wish = PutFrom(By(words=desk.obj[1]), partner, on)
    do_one(desk.obj[0], _with_terms(put_from), _Asked(desk.obj[1], partner, wish))
    console.print("The worker puts them there, in their order.")


def end(desk: Desk, partner: Partner) -> None:
    """Put none there any more; what is there stays, and its keys are deleted."""
    from regulars.flows.points.partners.keep_settlement_plans import (
        EndSettlements,
        end_settlements,
    )
    from regulars.records.access.staff.types import By

    wish = EndSettlements(By(words=desk.obj[1]), partner)
    do_one(desk.obj[0], _by(end_settlements), _Asked(desk.obj[1], partner, wish))
    console.print(f"Settlements of {partner} are put nowhere by themselves any more.")


async def _shown(tx: Any, _terms: Any, asked: list[_Asked]) -> list[Any]:
    from regulars.flows.points.partners.accounts import unknown
    from regulars.records.rewards.partners import read as accounts
    from regulars.records.rewards.partners.settling import read

    (one,) = asked
    known = await accounts.partners(tx, [one.partner])
    if (no := unknown(known, one.partner)) is not None:
        return [no]
    id_ = known[one.partner].partner_id
    return [(await read.plan(tx, id_), (await read.last(tx, [id_])).get(id_))]


async def _planned(tx: Any, terms: Any, asked: list[_Asked]) -> Any:
    from regulars.flows.points.partners.keep_settlement_plans import plan_settlements

    return await plan_settlements(tx, terms, [one.wish for one in asked])


def _by(flow: Any) -> Any:
    """A flow that needs no terms, as the desk asks for it."""

    async def asks(tx: Any, _terms: Any, asked: list[_Asked]) -> Any:
        return await flow(tx, [one.wish for one in asked])

    return asks


def _with_terms(flow: Any) -> Any:
    """A flow that needs the terms, as the desk asks for it."""

    async def asks(tx: Any, terms: Any, asked: list[_Asked]) -> Any:
        return await flow(tx, terms, [one.wish for one in asked])

    return asks
