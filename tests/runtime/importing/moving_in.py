"""What tests of imports share: a program of its own in a database, files, and what came of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from regulars.flows.terms.publish_program import publish_program
from regulars.insight.verify import run_verify
from regulars.records.program.templates import load_template
from regulars.runtime.importing.asking import Wanted, find_mapping, find_sources
from regulars.runtime.importing.run import Outcome, run_import
from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.serving.programs import found_program
from regulars.runtime.storage.database import Database

TODAY = datetime(2026, 11, 25, 12, tzinfo=UTC)
LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)
SILVER_GOLD = load_template("bronze-silver-gold")
ADA, BOB = (f"mem_0190000000007000800000000000000{n}" for n in (1, 2))


@dataclass
class Quiet:
    """Watches without a word; may be told to stop once a stage has gone so far."""

    stages: list[str] = field(default_factory=list)

    def begins(self, stage: str, total: int) -> None:
        self.stages.append(stage)

    def advances(self, by: int) -> None:
        assert by >= 0, by


@dataclass
class House:
    """A program in a database, into which files are brought."""

    database: Any
    folder: Path
    slug: str
    program_id: int = 0

    @classmethod
    def open(cls, database: Any, folder: Path, source: str = SILVER_GOLD) -> House:
        house = cls(database, folder, source.split("\nprogram: ")[1].split("\n", maxsplit=1)[0])
        asyncio.run(house._publish(source))
        return house

    async def _publish(self, source: str) -> None:
        self.program_id = await found_program(self.database.owner_dsn, self.slug)
        database = await Database.connect(self.database.app_dsn, size=1)
        async with database.transaction(self.program_id) as tx:
            await publish_program(tx, source, effective_from=LONG_AGO, by="owner")
        await database.close()

    def write(self, name: str, *lines: str) -> str:
        """A file of these lines in this house's folder; its path."""
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return str(path)

    def bring(self, *files: str, mapping: str = "", **more: Any) -> Outcome:
        """Bring these files over."""
        found, text = find_mapping(mapping)
        sources = find_sources([str(file) for file in files], found)
        more.setdefault("slips", self.folder / "slips.csv")
        more.setdefault("activities_earn", True)
        wanted = Wanted(self.slug, sources, found, text, **more)
        where = Addresses(owner=self.database.owner_dsn, app=self.database.app_dsn)
        return asyncio.run(run_import(where, wanted, Quiet(), lambda: TODAY))

    def slips(self) -> list[str]:
        """What the file of slips says, line by line, without its first."""
        path = self.folder / "slips.csv"
        return path.read_text("utf-8").splitlines()[1:] if path.exists() else []

    def rows(self, sql: str, *args: Any) -> list[tuple[Any, ...]]:
        return asyncio.run(self._rows(sql, args))

    async def _rows(self, sql: str, args: Sequence[Any]) -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(self.database.owner_dsn)
        try:
            return [tuple(row) for row in await connection.fetch(sql, *args)]
        finally:
            await connection.close()

    def points(self) -> dict[str, int]:
        """What each member has in `points`, by first name or, without one, by card."""
        found = self.rows(
            """select coalesce(nullif(m.given_name, ''),
                      (select min(value) from identifier i where i.member_id = m.member_id
                          and i.program_id = m.program_id and kind in ('card', 'email'))),
                      coalesce(sum(b.available), 0)::int
                 from member m left join balance b using (program_id, member_id)
                where m.program_id = $1 group by m.program_id, m.member_id, m.given_name""",
            self.program_id,
        )
        return dict(found)

    def counts(self) -> Mapping[str, int]:
        """How many rows each table has that an import may write to."""
        asked = ", ".join(f"(select count(*) from {table})" for table in TABLES)
        return dict(zip(TABLES, self.rows(f"select {asked}")[0], strict=True))

    def wrong_books(self) -> Any:
        """What `regulars verify` complains of."""

        async def verify() -> Any:
            connection = await asyncpg.connect(self.database.owner_dsn)
            try:
                report = await run_verify(connection)
            finally:
                await connection.close()
            return {one.check: one.examples for one in report.findings if one.violations}

        return asyncio.run(verify())


TABLES = (
    "activity", "balance", "consent", "counter", "entry", "identifier", "import", "import_lane",
    "import_row", "import_slip", "lot", "lot_move", "member", "once", "outbox", "posting",
    "standing", "tier_move", "trail", "waiting_return",
)  # fmt: skip
MEMBERS = (
    "member_id,given_name,joined_at",
    f"{ADA},Ada,2020-01-02T10:00:00Z",
    f"{BOB},Bob,2021-01-02T10:00:00Z",
)
LOTS = "member_id,wallet,lot_id,amount,remaining,earned_at,expires_at,origin"
ACTIVITIES = "member_id,kind,source,external_id,sale_id,occurred_at,amount_minor,currency"
