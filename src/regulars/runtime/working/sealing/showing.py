"""What `regulars verify --chain` does: every chain against its keys and the anchors of a file."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from regulars.runtime.installation.settings import Settings

if TYPE_CHECKING:
    from regulars.insight.chain import ChainReport, Report
    from regulars.records.seal.types import Checkpoint, Signer

aside = Console(stderr=True, highlight=False)
WRONG, COULD_NOT_RUN = 1, 2


def verify_the_chains(
    settings: Settings, files: Sequence[Path], keys: Path | None, as_json: bool
) -> None:
    """Print what was found; exit status 0 as sealed, 1 changed, 2 could not run."""
    report = _report(settings, files, keys)
    if as_json:
        sys.stdout.buffer.write(report.as_json() + b"\n")
    else:
        show(report)
    if not report.right:
        raise typer.Exit(WRONG)


def show(report: Report) -> None:
    """Chain by chain: what is proven, what is wrong and where, and what is not provable."""
    console = Console(highlight=False)
    for chain in report.chains:
        _show_chain(console, chain)
    for remark in report.remarks:
        console.print(f"Note: {remark}", markup=False)
    links = sum(chain.links for chain in report.chains)
    walked = f"{links:,} links in {report.seconds:.1f} s"
    if not report.chains:
        console.print("There is no program yet, so nothing is sealed.")
    elif report.right:
        console.print(f"[green]Everything is as it was sealed.[/] {walked}.")
    else:
        found = sum(chain.violations for chain in report.chains)
        told = (
            "1 thing is not as it was" if found == 1 else f"{found:,} things are not as they were"
        )
        console.print(f"[bold red]{told} sealed.[/] {walked}.")


def _show_chain(console: Console, chain: ChainReport) -> None:
    mark = "[bold red]✗[/]" if chain.violations else "[green]✓[/]"
    name = chain.program or f"program {chain.program_id}"
    console.print(
        f"{mark} [bold]{name}[/]: {chain.links:,} links, {chain.checkpoints:,} checkpoints"
    )
    if chain.signed_at is not None:
        console.print(f"    signed up to {chain.signed_at:%Y-%m-%d %H:%M:%S} UTC")
    if chain.anchored_at is not None:
        at = f"{chain.anchored_at:%Y-%m-%d %H:%M:%S} UTC"
        console.print(f"    anchored up to link {chain.anchored:,}, {at}")
    for wrong in chain.wrong:
        console.print(
            f"    ✗ {wrong.where}: {wrong.says}", style="red", markup=False, soft_wrap=True
        )
    if chain.violations > len(chain.wrong):
        console.print(f"    … and {chain.violations - len(chain.wrong):,} more")
    for said in chain.not_provable:
        console.print(f"    · {said}", markup=False, soft_wrap=True)


def _report(settings: Settings, files: Sequence[Path], keys: Path | None) -> Report:
    from regulars.insight.verify import CannotVerify
    from regulars.runtime.installation.running import database_running
    from regulars.runtime.problems import SetupProblem
    from regulars.runtime.storage.away import AWAY
    from regulars.runtime.working.sealing.keys import Keyring, open_keyring, public_keys

    try:
        anchors, remarks = read_anchors(files)
        with database_running(settings) as where:
            ring = open_keyring(settings) if keys is None else Keyring(None, public_keys(keys))
            return asyncio.run(_look(where.owner, ring, anchors, remarks))
    except CannotVerify as why:
        says = str(why)
    except SetupProblem as problem:
        says = f"{problem.what} {problem.remedy}"
    except AWAY as error:
        says = f"The database did not answer: {error}. See what `regulars doctor` says."
    aside.print(f"The chain could not be verified. {says}", style="bold red", markup=False)
    raise typer.Exit(COULD_NOT_RUN)


async def _look(
    owner_dsn: str, ring: Signer, anchors: Sequence[Checkpoint], remarks: Sequence[str]
) -> Report:
    import asyncpg

    from regulars.insight.chain import verify_chains

    connection = await asyncpg.connect(owner_dsn)
    try:
        return await verify_chains(connection, ring, anchors, remarks)
    finally:
        await connection.close()


def read_anchors(files: Sequence[Path]) -> tuple[list[Checkpoint], list[str]]:
    """The checkpoints in these files, and which of their lines are none.

    Refuses: a file that is not there or holds no checkpoint at all: it vouches for nothing.
    """
    from regulars.records.seal.lines import Unreadable, checkpoint_of
    from regulars.runtime.problems import SetupProblem

    found: list[Checkpoint] = []
    remarks: list[str] = []
    for path in files:
        before = len(found)
        try:
            lines = path.read_bytes().split(b"\n")
        except OSError as why:
            raise SetupProblem(
                f"The anchor {path} cannot be read: {why.strerror}.", "Name the file that holds it."
            ) from None
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                found.append(checkpoint_of(line))
            except Unreadable as why:
                remarks.append(
                    f"Line {number} of {path} is no checkpoint and proves nothing: {why}"
                )
        if len(found) == before:
            raise SetupProblem(
                f"The anchor {path} holds no checkpoint.",
                "Take the file that REGULARS_ANCHOR_FILE names, or what `regulars anchor` printed.",
            )
    return found, remarks
