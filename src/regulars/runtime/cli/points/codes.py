"""Verbs for codes of rewards: issued by the hundred thousand, uploaded into pools, counted."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from regulars.base.sheets import text_cell
from regulars.runtime.cli.moving.desk import Actor, Desk, Program, do_one
from regulars.runtime.cli.points.by_hand import Reason
from regulars.runtime.cli.screen import stop

console = Console(highlight=False, soft_wrap=True)

RewardName = Annotated[str, typer.Argument(help="The reward, by its id in the program file.")]
Out = Annotated[Path, typer.Option("--out", help="The CSV file the codes are written to.")]
To = Annotated[
    str,
    typer.Option(
        help="A number, for whoever shows them; `everybody`; or members with an attribute, such "
        "as student=true, one for each.",
    ),
]
Key = Annotated[
    str, typer.Option("--key", help="A word for this issue: said again, the same codes come.")
]
Codes = Annotated[Path, typer.Argument(help="A CSV file whose first column has the codes.")]


def register(command: typer.Typer) -> None:
    """Add `codes …`."""
    codes = typer.Typer(help="Codes of rewards.", no_args_is_help=True)
    codes.callback()(at_desk)
    for name, verb in (("issue", issue), ("upload", upload), ("left", left)):
        codes.command(name)(verb)
    command.add_typer(codes, name="codes")


def at_desk(context: typer.Context, program: Program = "", actor: Actor = "") -> None:
    """In which program, and who decides."""
    context.obj = (program, actor)


def issue(desk: Desk, reward: RewardName, to: To, out: Out, reason: Reason, key: Key = "") -> None:
    """Issue codes: so many for whoever shows them, or one for each of many members."""
    from regulars.flows.points.codes.commands import IssueCodes
    from regulars.flows.points.codes.issue_codes import issue_codes
    from regulars.records.members.types import Asked

    if out.exists():
        stop(f"{out} is there already; name another file, so that no codes are lost.")
    times = int(to) if to.isdecimal() else 0
    command = IssueCodes(
        reward=reward,
        reason=reason,
        actor=desk.obj[1],
        times=times,
        attribute=None if times or to == "everybody" else _attribute(to),
        everybody=to == "everybody",
        asked=Asked(desk.obj[1], key),
    )
    with _written(out) as file:
        try:
            done = do_one(desk.obj[0], issue_codes, command)
        except typer.Exit:
            out.unlink()  # nothing was issued, so nothing is in it
            raise
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("code", "member_id", "ends_at"))
        for one in done.codes:
            member = "" if one.member_id is None else f"mem_{one.member_id.hex}"
            rows.writerow(
                (text_cell(one.code), member, one.ends_at.isoformat() if one.ends_at else "")
            )
    said = "are the same as before" if done.replayed else "are issued"
    console.print(f"{done.times} codes {said}, in {out}.")


def _written(out: Path) -> Any:
    try:
        return out.open("x", newline="", encoding="utf-8")
    except OSError as wrong:
        stop(f"{out} cannot be written: {wrong.strerror}; nothing was issued.")


def _attribute(text: str) -> tuple[str, bool | int | str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        stop(f"{text!r} is no number, not `everybody`, and no attribute such as student=true.")
    if value in ("true", "false"):
        return name, value == "true"
    return name, int(value) if value.isdecimal() else value


def upload(desk: Desk, reward: RewardName, file: Codes, reason: Reason) -> None:
    """Lay the codes of a file into the pool of a reward: all of them, or none."""
    from regulars.flows.points.codes.commands import FillPool
    from regulars.flows.points.codes.fill_pools import fill_pools

    try:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            rows = [row[0] if row else "" for row in csv.reader(lines)]
    except (OSError, UnicodeDecodeError, csv.Error) as wrong:
        stop(f"{file} cannot be read: {wrong}")
    headed = bool(rows) and rows[0].strip().lower() == "code"
    command = FillPool(
        reward, tuple(rows[headed:]), reason, desk.obj[1], first_line=2 if headed else 1
    )
    done = do_one(desk.obj[0], fill_pools, command)
    console.print(f"{done.times} codes are in the pool of {reward}; {done.left} are free.")


def left(desk: Desk) -> None:
    """How many codes of each reward are free, issued, used and withdrawn."""
    rows = do_one(desk.obj[0], _left, _Look())
    table = Table("reward", "free", "issued", "used", "withdrawn")
    for row in rows:
        table.add_row(row["reward"], *(str(row[name]) for name in list(row.keys())[1:]))
    console.print(table)


class _Look:
    """Somebody wants to see how codes stand; nobody decides anything."""

    actor = "whoever looks"


async def _left(tx: Any, _terms: Any, _: Any) -> list[Any]:
    from regulars.records.rewards.codes import read

    return [await read.left(tx)]
