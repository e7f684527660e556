"""Looks the installation over before it serves, and says what to do about what is wrong."""

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg

from regulars.runtime.checking.checks import CHECKS, REMARKS, Examination
from regulars.runtime.installation.addresses import APP_ROLE, OWNER_ROLE, Addresses, addresses
from regulars.runtime.installation.settings import Settings
from regulars.runtime.problems import SetupProblem
from regulars.runtime.storage.away import AWAY
from regulars.runtime.storage.database import utc_now
from regulars.runtime.storage.migrator import FOLDER

SQL_FOR_YOUR_OWN_DATABASE = f"""\
CREATE ROLE {OWNER_ROLE} LOGIN NOBYPASSRLS PASSWORD '…';
CREATE ROLE {APP_ROLE} LOGIN NOBYPASSRLS PASSWORD '…';
CREATE DATABASE regulars OWNER {OWNER_ROLE};
REVOKE ALL ON DATABASE regulars FROM PUBLIC;
GRANT CONNECT ON DATABASE regulars TO {APP_ROLE};
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; no problems means it is as it should be.

    Remarks are for people to look at; they keep nobody from serving.
    """

    check: str
    problems: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether all is well."""
        return not self.problems


async def examine(
    settings: Settings,
    where: Addresses | None = None,
    now: Callable[[], datetime] = utc_now,
    migrations: Path = FOLDER,
) -> list[Finding]:
    """Every check of the installation, with what to do where it fails.

    Assumes: the database runs; one that does not answer is a finding too.
    """
    where = where or addresses(settings)
    async with AsyncExitStack() as closing:
        try:
            owner = await _connect(where.owner, closing)
            app = await _connect(where.app, closing)
        except AWAY as error:
            return [Finding("the database answers both roles", (_advice(settings, error),))]
        exam = Examination(settings, owner, app, now, migrations)
        found = [
            Finding((check.__doc__ or "").strip(), tuple(await check(exam))) for check in CHECKS
        ]
        noticed = [
            Finding((look.__doc__ or "").strip(), (), tuple(await look(exam))) for look in REMARKS
        ]
        return found + noticed


def refuse_unsafe(findings: Sequence[Finding]) -> None:
    """Go no further where a check failed."""
    problems = [problem for finding in findings for problem in finding.problems]
    if problems:
        raise SetupProblem(
            "Regulars does not serve like this:\n" + "\n".join(f"  · {one}" for one in problems),
            "\nPut this right, then run `regulars doctor`.",
        )


async def _connect(dsn: str, closing: AsyncExitStack) -> Any:
    connection = await asyncpg.connect(dsn, timeout=10)
    closing.push_async_callback(connection.close)
    return connection


def _advice(settings: Settings, error: Exception) -> str:
    what = f"{type(error).__name__}: {error}."
    if settings.embedded:
        return f"{what} Run `regulars init`, and look into the logs of the database."
    return (
        f"{what} Check REGULARS_DATABASE_URL and REGULARS_OWNER_DATABASE_URL. If the roles or "
        f"the database do not exist yet, have its administrator run:\n{SQL_FOR_YOUR_OWN_DATABASE}"
    )
