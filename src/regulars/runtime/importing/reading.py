"""The files are read, checked and added up in one transaction; what is refused leaves nothing."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import UUID

from msgspec import Struct

from regulars.base.decimals import text_of
from regulars.base.faults import Invalid
from regulars.base.money import decimals
from regulars.base.sheets import text_cell
from regulars.base.tx import LoadingTx
from regulars.engine.deciding.bring_over import had_for_nothing
from regulars.engine.terms import Terms
from regulars.flows.importing.open_shelves import pieces_at_first
from regulars.records.imports import read, write
from regulars.records.imports.naming.write import say_rests
from regulars.records.imports.types import Import, Part, Slip
from regulars.runtime.importing.asking import Wanted
from regulars.runtime.importing.crew import Crew
from regulars.runtime.importing.lots.naming import name_lots
from regulars.runtime.importing.lots.spent import added_up, known_before
from regulars.runtime.importing.reader import Piece
from regulars.runtime.importing.readers import read_files
from regulars.surfaces.connect.moving.place import Place

_PAGE: Final = 10_000
_TOLD: Final = ("file", "line", "column", "wrong", "mend")
POINTS_TWICE: Final = (
    "balances are brought over, and the activities would earn by the program's rules on top. "
    "Publish a version without rules for the time before the move, or allow it by "
    "--allow points-twice"
)
GATHERED_TWICE: Final = (
    "what members gathered towards tiers and milestones is brought over, and the activities "
    "would count on top. Leave out `progress`, or allow it by --allow points-twice"
)


class Watch(Protocol):
    """Who watches: told what is done now and how far it is."""

    def begins(self, stage: str, total: int) -> None: ...

    def advances(self, by: int) -> None: ...


class Found(Struct):
    """What was read: its totals, how many lines are wrong, how many were left aside on purpose."""

    import_id: UUID
    totals: dict[str, Any] = {}
    lines: int = 0
    wrong: int = 0
    left_aside: int = 0
    known: int = 0
    """Of a dry run: how many lines are in the books already."""
    refusals: list[str] = []
    """Why nothing of it is brought over."""


async def read_everything(
    tx: LoadingTx, terms: Terms, asked: tuple[Wanted, bytes], crew: Crew, watch: Watch
) -> Found:
    """Read and check all files; what may be booked is in its lanes afterwards.

    Order: whatever is refused, or a dry run, is undone by whoever opened the transaction.
    Faults: Invalid for a file that is not what its mapping says.
    """
    found, (wanted, print_) = Found(tx.new_id()), asked
    await write.open_tables(tx)
    async with aclosing(read_files(wanted, place_of(terms, tx), crew)) as pieces:
        await _stage(tx, wanted, pieces, (found, watch))
    watch.begins("Lines are compared", 0)
    parts, version = _parts(wanted), terms.at(tx.now)
    rests = []
    if Part.LOTS in parts:
        await name_lots(tx, wanted.mapping.source)
        rests = await known_before(tx)
    found.wrong = await write.compare(tx, parts, had_for_nothing(version))
    found.totals = await read.add_up(tx, version.program.zone)
    if rests:
        found.totals["spent_elsewhere"] = added_up(rests)
        await say_rests(tx, rests)
    if wanted.dry:
        found.known = await read.known(tx)
    await keep_slips(tx, wanted)
    found.refusals = [*_wrong_lines(found, wanted), *_other_sums(found, wanted, terms, tx)]
    found.refusals += [*_twice(found, wanted, terms), *_gathered_twice(found, wanted)]
    if not found.refusals and not wanted.dry:
        watch.begins("Lines are put in order", 0)
        await write.move(tx, found.import_id, wanted.files)
        files = "\n".join(wanted.files)
        title = wanted.mapping.mapping
        one = Import(found.import_id, print_, files, title, found.totals, tx.now)
        await tx.write(write.begin(tx, one))
    return found


def _parts(wanted: Wanted) -> frozenset[Part]:
    """What the files tell of."""
    files = [wanted.mapping.files[source.name] for source in wanted.sources]
    return frozenset(Part[kind.upper()] for file in files for kind, _ in file.each())


def place_of(terms: Terms, tx: LoadingTx) -> Place:
    """The program as far as the files must know it."""
    version = terms.at(tx.now)
    program = version.program
    return Place(
        wallets={name: wallet.scale for name, wallet in program.wallets.items()},
        tiers=tuple(version.compiled.tiers),
        currency=program.currency,
        decimals=decimals(program.currency),
        zone=program.zone,
        country=program.country,
        now=tx.now,
        counters=frozenset(terms.counters),
        shelves=frozenset(pieces_at_first(terms)),
        rewards=frozenset(name for one in terms.versions for name in one.rewards),
    )


async def _stage(
    tx: LoadingTx, wanted: Wanted, pieces: AsyncIterator[Piece], telling: tuple[Found, Watch]
) -> None:
    found, watch = telling
    begun = -1
    async for piece in pieces:
        if piece.file > begun:
            begun = piece.file
            watch.begins(f"Reading {wanted.sources[begun].path.name}", 0)
        await write.add_lines(tx, piece.lines)
        await write.add_names(tx, piece.names)
        await write.add_slips(tx, piece.slips)
        found.lines += piece.read
        found.left_aside += piece.left_aside
        watch.advances(piece.read)


async def keep_slips(tx: LoadingTx, wanted: Wanted) -> None:
    """Write what is wrong into its file, page by page."""
    after = 0
    while page := await read.staged_slips(tx, wanted.files, after, _PAGE):
        write_slips(wanted.slips, page, fresh=after == 0)
        after += len(page)


def write_slips(path: Path, slips: list[Slip], *, fresh: bool) -> None:
    """Add slips to the file; a fresh one begins with the names of its columns.

    Keeps: what stood in the file that was brought is text in every spreadsheet, never a formula.
    """
    with path.open("w" if fresh else "a", newline="", encoding="utf-8") as stream:
        out = csv.writer(stream)
        if fresh:
            out.writerow(_TOLD)
        out.writerows(map(_plain, (slip[: len(_TOLD)] for slip in slips)))


def _plain(cells: Iterable[object]) -> list[object]:
    """Cells that no spreadsheet takes for a formula: an apostrophe before what begins like one."""
    return [text_cell(cell) if isinstance(cell, str) else cell for cell in cells]


def _wrong_lines(found: Found, wanted: Wanted) -> list[str]:
    if not found.wrong or wanted.leave_out:
        return []
    lines = "1 line is" if found.wrong == 1 else f"{found.wrong:,} lines are"
    mend = "Mend them, or go on without them by --allow wrong-lines"
    return [f"{lines} wrong; see {wanted.slips}. {mend}"]


def _other_sums(found: Found, wanted: Wanted, terms: Terms, tx: LoadingTx) -> list[str]:
    """What the owner said the files come to, and what they come to instead."""
    sums, wrong = figures(found.totals, terms, tx), []
    for name, said in wanted.expected.items():
        if name not in sums:
            known = ", ".join(sums)
            raise Invalid(f"nothing is counted under {name}; there is {known}")
        if sums[name] != said:
            wrong.append(f"{name} should be {said}, the files come to {sums[name]}")
    return wrong


def figures(found: dict[str, Any], terms: Terms, tx: LoadingTx) -> dict[str, str]:
    """All totals by the names under which they can be stated: `members`, `points.stamps` …"""
    program = terms.at(tx.now).program
    sums = {name: str(found.get(name, 0)) for name in ("members", "identifiers")}
    sums["activities"] = str(sum(found["activities"].values()))
    sums["amount"] = text_of(found["amount_minor"], decimals(program.currency))
    for group in ("activities", "consents", "tiers"):
        for label, count in found[group].items():
            sums[f"{group}.{label.replace(' ', '.')}"] = str(count)
    for wallet, points in found["points"].items():
        sums[f"points.{wallet}"] = text_of(points, program.wallets[wallet].scale)
    for wallet, points in found.get("owed", {}).items():  # imports of before say nothing of it
        sums[f"owed.{wallet}"] = text_of(points, program.wallets[wallet].scale)
    for wallet, rest in found.get("spent_elsewhere", {}).items():
        sums[f"spent_elsewhere.{wallet}"] = text_of(rest["points"], program.wallets[wallet].scale)
        sums[f"spent_elsewhere.{wallet}.lots"] = str(rest["lots"])
    sums |= {name: str(count) for name, count in found.get("used", {}).items()}
    for wallet, months in found["expiring"].items():
        for month, points in months.items():
            sums[f"expiring.{wallet}.{month}"] = text_of(points, program.wallets[wallet].scale)
    return sums


def _twice(found: Found, wanted: Wanted, terms: Terms) -> list[str]:
    """Balances from there and points by our rules for the same purchases are points twice."""
    first = found.totals["first_at"]
    if not any(found.totals["points"].values()) or first is None or wanted.activities_earn:
        return []
    if not terms.at(first).program.rules:
        return []
    return [POINTS_TWICE]


def _gathered_twice(found: Found, wanted: Wanted) -> list[str]:
    """What was gathered towards tiers and milestones comes by activities or by itself."""
    gathered = any(name.startswith("progress.") for name in found.totals["used"])
    if not gathered or not found.totals["activities"] or wanted.activities_earn:
        return []
    return [GATHERED_TWICE]
