"""Verifies every chain in one snapshot, and says what is wrong and what is not provable."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from regulars.insight.chain import questions
from regulars.insight.chain.report import ChainReport, Findings, Report
from regulars.insight.chain.walk import Walk
from regulars.insight.verify import CannotVerify
from regulars.insight.verify.connection import Connection, Rows
from regulars.records.seal.types import Checkpoint, Signer, rightly_signed

Anchors = Mapping[int, Sequence[Checkpoint]]
"""What was told outside, by program."""
_SEES_ALL: Final = """
select rolsuper or rolbypassrls or rolname = 'regulars_owner' from pg_roles
 where rolname = current_user
"""


async def verify_chains(
    connection: Connection,
    signer: Signer,
    anchors: Sequence[Checkpoint],
    remarks: Sequence[str] = (),
) -> Report:
    """Compare every chain with its rows, its signatures and what was told outside.

    Assumes: the connection is the owner's, who sees every program, and in no transaction.
    Faults: CannotVerify where it is not, or the tables are missing.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        return await look(connection, signer, anchors, remarks)


async def look(
    connection: Connection,
    signer: Signer,
    anchors: Sequence[Checkpoint],
    remarks: Sequence[str] = (),
) -> Report:
    """What `verify_chains` does, in the transaction that is open; for tests that tamper."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    told: dict[int, list[Checkpoint]] = {}
    for anchor in sorted(set(anchors), key=lambda each: each.size):
        told.setdefault(anchor.program_id, []).append(anchor)
    await _ready(connection)
    chains = []
    for row in await connection.fetch(questions.CHAINS):
        mine = told.pop(row["program_id"], [])
        chains.append(await _Chain(connection, signer, row, mine).report())
    chains += [_gone(program_id, signer, lost) for program_id, lost in sorted(told.items())]
    return Report(tuple(chains), tuple(remarks), round(clock() - begun, 3))


async def _ready(connection: Connection) -> None:
    await connection.execute(questions.SETTINGS)
    if not await connection.fetchval(_SEES_ALL):
        raise CannotVerify(
            "This connection sees one program at most. Use the owner's address "
            "(REGULARS_OWNER_DATABASE_URL)."
        )
    if await connection.fetchval("select to_regclass('public.seal_link')") is None:
        raise CannotVerify("There is no chain here yet. Run `regulars migrate` first.")


class _Chain:
    """One program's chain while it is looked at."""

    def __init__(
        self, connection: Connection, signer: Signer, row: Mapping[str, Any],
        anchors: Sequence[Checkpoint],
    ) -> None:  # fmt: skip
        self._connection = connection
        self._signer = signer
        self._row = row
        self._program_id: int = row["program_id"]
        self._findings = Findings(self._program_id)
        self._anchors = _right_anchors(anchors, signer, self._findings)

    async def report(self) -> ChainReport:
        chain_id: UUID | None = self._row["chain_id"]
        links = covered = vouched = 0
        signed_at: datetime | None = None
        checkpoints: list[Checkpoint] = []
        if chain_id is not None:
            checkpoints = await self._checkpoints(chain_id)
            walk = Walk(self._program_id, chain_id, self._signer, self._findings)
            links, vouched = await self._walk(walk, checkpoints)
            if checkpoints:
                covered, signed_at = checkpoints[-1].size, checkpoints[-1].sealed_at
            walk.unsigned_after(covered)
        elif self._anchors:
            self._findings.add("chain_missing", 1, self._anchors[-1].size)
        waiting = await self._unsealed()
        for row in await self._connection.fetch(questions.STRAYS, self._program_id):
            self._findings.add("row_stray", 0, 0, row["table_name"], _ids(row))
        at = next((a.sealed_at for a in self._anchors if a.size == vouched), None)
        return ChainReport(
            program_id=self._program_id, program=self._row["slug"], links=links,
            checkpoints=len(checkpoints), signed_at=signed_at, anchored=vouched, anchored_at=at,
            erased=self._row["erased"], waiting=waiting, violations=self._findings.violations,
            wrong=self._findings.shown, ended=self._row["ended"],
            sandbox=(self._row["sandbox"] or "") if self._row["ended"] else "",
        )  # fmt: skip

    async def _checkpoints(self, chain_id: UUID) -> list[Checkpoint]:
        rows = await self._connection.fetch(questions.CHECKPOINTS, self._program_id)
        return [Checkpoint(self._program_id, chain_id, *row.values()) for row in rows]

    async def _walk(self, walk: Walk, checkpoints: Sequence[Checkpoint]) -> tuple[int, int]:
        signed, told = deque(checkpoints), deque(self._anchors)
        sql, look_at = questions.LINKS, walk.link
        if self._row["ended"]:
            sql, look_at = questions.LINKS_ALONE, walk.link_alone
        rows = Rows(await self._connection.cursor(sql, self._program_id))
        while (row := await rows.peek()) is not None:
            rows.step()
            look_at(row)
            while signed and signed[0].size <= walk.position:
                walk.signed(signed.popleft())
            while told and told[0].size <= walk.position:
                walk.anchored(told.popleft())
        walk.end(signed, list(told))
        return rows.seen, walk.vouched

    async def _unsealed(self) -> int:
        """Rows without a link: how many wait as is right; the others are told."""
        (reach,) = await self._connection.fetch(questions.REACH, self._program_id)
        rows, waiting = Rows(await self._connection.cursor(questions.UNSEALED, self._program_id)), 0
        while (row := await rows.peek()) is not None:
            rows.step()
            behind = row["since"] < reach["below_tx"] or row["since"] >= reach["next_tx"]
            if reach["here"] and behind:
                self._findings.add("row_unsealed", 0, 0, row["table_name"], _ids(row))
            else:
                waiting += 1
        return waiting


def _right_anchors(
    anchors: Sequence[Checkpoint], signer: Signer, findings: Findings
) -> list[Checkpoint]:
    """The anchors under a key of ours; the others prove nothing and are told."""
    for anchor in anchors:
        if not rightly_signed(anchor, signer):
            findings.add("anchor_unsigned", anchor.size, anchor.size)
    right = [anchor for anchor in anchors if rightly_signed(anchor, signer)]
    for one, other in pairwise(right):
        if one.size == other.size and one.head != other.head:
            # Two histories were signed: one of them is not the one that is here.
            findings.add("anchor_differs", one.size, one.size)
    return right


def _gone(program_id: int, signer: Signer, lost: Sequence[Checkpoint]) -> ChainReport:
    findings = Findings(program_id)
    right = _right_anchors(lost, signer, findings)
    if right:
        findings.add("chain_missing", 1, right[-1].size)
    return ChainReport(
        program_id, "", 0, 0, None, 0, None, 0, 0, findings.violations, findings.shown
    )


def _ids(row: Mapping[str, Any]) -> tuple[UUID, UUID]:
    return row["subject_id"], row["member_id"]
