"""Verbs for paying out: bank accounts, runs, the file for the bank, and what comes back."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Column, Table

from regulars.runtime.cli.moving.desk import Desk, at_desk, do_one, id_in, whom
from regulars.runtime.cli.points.by_hand import Reason, Whom
from regulars.runtime.cli.screen import stop

console = Console(highlight=False, soft_wrap=True)

Name = Annotated[str, typer.Option("--name", help="Whose account of the shop pays.")]
Iban = Annotated[str, typer.Option("--iban", help="The account.")]
Bic = Annotated[str, typer.Option("--bic", help="The bank's code, where it is needed.")]
On = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"],
               help="The day the bank is to do it; today, unless said.")]  # fmt: skip
Reference = Annotated[
    str, typer.Option("--reference", help="A word for this run: said again, it is the same run.")
]
Run = Annotated[str, typer.Argument(help="The run: por_ and 32 digits from 0 to f.")]
Out = Annotated[Path, typer.Option("--out", help="The file to write; nobody else may read it.")]
Payout = Annotated[str, typer.Argument(help="red_…, or the 32 digits of the end-to-end id.")]
Bank = Annotated[str, typer.Option("--reference", help="The bank's number of the return.")]
Code = Annotated[str, typer.Option("--code", help="The bank's reason, such as AC04.")]
Holder = Annotated[str, typer.Option("--holder", help="Whose account it is.")]


def register(command: typer.Typer) -> None:
    """Add `payouts …`."""
    payouts = typer.Typer(help="Money paid to bank accounts.", no_args_is_help=True)
    payouts.callback()(at_desk)
    for name, verb in (("account", account), ("run", run), ("runs", runs), ("file", file),
                       ("returned", returned)):  # fmt: skip
        payouts.command(name)(verb)
    command.add_typer(payouts, name="payouts")


def account(desk: Desk, member: Whom, iban: Iban, holder: Holder, bic: Bic = "") -> None:
    """Say where a member's money goes; `--iban ''` forgets it."""
    from regulars.flows.points.payouts.commands import SetAccount
    from regulars.flows.points.payouts.keep_accounts import set_accounts

    command = SetAccount(whom(member), holder, iban, bic, desk.obj[1])
    done = do_one(desk.obj[0], set_accounts, command)
    where = f"to {done.shown} of {done.holder}" if done.shown else "nowhere"
    console.print(f"Money of mem_{done.member_id.hex} goes {where}.")


def run(
    desk: Desk, name: Name, iban: Iban, bic: Bic = "", on: On = None, reference: Reference = ""
) -> None:
    """Pay out to everybody who is due something."""
    from regulars.flows.points.payouts.commands import RunPayouts
    from regulars.flows.points.payouts.run_payouts import run_payouts

    day = None if on is None else on.date()
    command = RunPayouts(name, iban, bic, day, reference, desk.obj[1])
    done = do_one(desk.obj[0], run_payouts, command)
    said = " (made before)" if done.replayed else ""
    console.print(
        f"por_{done.run_id.hex}: {done.payouts} pay-outs, {_money(done.total_minor, done.currency)}"
        f", on {done.execute_on}{said}."
    )
    if done.more:
        console.print("Others are due and come with the next run.")
    console.print(f"For the bank: regulars payouts file por_{done.run_id.hex} --out payouts.xml")


def runs(desk: Desk) -> None:
    """The last hundred runs, newest first."""
    found = do_one(desk.obj[0], _runs, _Look())
    # The id is copied into the next verb: it is never cut short.
    whole = Column("run", no_wrap=True, min_width=36)
    table = Table(whole, "made at", "on", "pay-outs", "total", "reference")
    for one in found:
        money = _money(one.total_minor, one.currency)
        made = one.made_at.isoformat(timespec="seconds")
        cells = (made, str(one.execute_on), str(one.payouts), money, one.reference)
        table.add_row(f"por_{one.run_id.hex}", *cells)
    console.print(table)


def file(desk: Desk, run: Run, out: Out) -> None:
    """Write the file for the bank (ISO 20022, pain.001); it is the same however often."""
    from regulars.engine.rewarding.cashback.bank_file import bank_file

    head, payouts = do_one(desk.obj[0], _file, _Look(id_in("por", run)))
    try:
        number = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        stop(f"{out} is there already; name another file.")
    except OSError as wrong:
        stop(f"{out} cannot be written: {wrong.strerror}.")
    with os.fdopen(number, "wb") as written:
        written.write(bank_file(head, payouts))
    gone = sum(1 for one in payouts if not one.iban)
    left = f"; {gone} were erased since and are left out" if gone else ""
    console.print(f"{len(payouts) - gone} pay-outs are in {out}{left}.")


def returned(desk: Desk, payout: Payout, reference: Bank, code: Code, reason: Reason = "") -> None:
    """A bank sent a pay-out back: the money is in the wallet again."""
    from regulars.flows.points.payouts.commands import ReturnPayout
    from regulars.flows.points.payouts.return_payouts import return_payouts

    id_ = id_in("red", payout if payout.startswith("red_") else f"red_{payout}")
    command = ReturnPayout(id_, reference, code, reason, actor=desk.obj[1])
    done = do_one(desk.obj[0], return_payouts, command)
    money = _money(done.amount_minor, done.currency)
    console.print(f"{money} are in the wallet of mem_{done.member_id.hex} again.")
    console.print("Nothing more goes to that account until it is said anew.")


def _money(minor: int, currency: str) -> str:
    from regulars.base.decimals import text_of
    from regulars.base.money import decimals

    return f"{text_of(minor, decimals(currency))} {currency}"


class _Look:
    """Somebody wants to see runs; nobody decides anything."""

    actor = "whoever looks"

    def __init__(self, run_id: UUID | None = None) -> None:
        self.run_id = run_id


async def _runs(tx: Any, _terms: Any, _: Any) -> list[Any]:
    from regulars.records.rewards.payouts import read

    return [await read.runs(tx, most=100)]


async def _file(tx: Any, _terms: Any, asked: Any) -> list[Any]:
    from regulars.base.faults import NotFound
    from regulars.records.rewards.payouts import read

    (look,) = asked
    found = await read.runs(tx, look.run_id)
    if not found:
        return [NotFound("there is no such run of pay-outs here")]
    return [(found[0], await read.of_run(tx, look.run_id))]
