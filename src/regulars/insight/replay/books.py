"""What the books say came of a history, to be compared with a replay under the same rules."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from uuid import UUID

from msgspec import Struct

from regulars.insight.replay.own import Reading, Row


class Books(Struct, frozen=True):
    """Balances and tiers of members, and net points per activity; what is nothing is not there."""

    balances: dict[tuple[UUID, str], int]
    tiers: dict[UUID, str | None]
    gave: dict[tuple[UUID, str], int]


async def read_books(connection: Reading, program_id: int) -> Books:
    """How the books stand now."""

    async def rows(name: str) -> Sequence[Row]:
        sql = files(__package__).joinpath(f"{name}.sql").read_text("utf-8")
        return await connection.fetch(sql, program_id)

    return Books(
        {
            (r["member_id"], r["wallet"]): int(r["units"])
            for r in await rows("balances")
            if r["units"]
        },
        {r["member_id"]: r["tier"] for r in await rows("standings")},
        {
            (r["activity_id"], r["wallet"]): int(r["units"])
            for r in await rows("gave")
            if r["units"]
        },
    )
