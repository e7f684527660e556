"""The doctor finds each unsafe thing that is planted, and says what to do about it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import msgspec
import pytest

from regulars.runtime.backup.label import Label, write_label
from regulars.runtime.checking import checks
from regulars.runtime.checking.doctor import Finding, examine, refuse_unsafe
from regulars.runtime.embedded import Cluster
from regulars.runtime.embedded.archive import archive_name
from regulars.runtime.embedded.place import folder_of
from regulars.runtime.installation.addresses import APP_ROLE, OWNER_ROLE, Addresses
from regulars.runtime.installation.running import database_running
from regulars.runtime.installation.settings import Settings
from regulars.runtime.observing.board import board_of
from regulars.runtime.observing.figures import backups_told
from regulars.runtime.observing.numbers import Numbers
from regulars.runtime.problems import SetupProblem
from regulars.runtime.storage.database import utc_now
from regulars.runtime.storage.migrator import migrate

DATABASE = "regulars"


@pytest.fixture(scope="module")
def shop(make_settings: Callable[..., Settings]) -> Iterator[Cluster]:
    """A shop's installation as it should be: durable, migrated, secrets in place."""
    running = Cluster(make_settings()).start()
    asyncio.run(migrate(running.owner_dsn))
    yield running
    running.destroy()


def look(cluster: Cluster, database: str = DATABASE) -> list[Finding]:
    where = Addresses(cluster.dsn(OWNER_ROLE, database), cluster.dsn(APP_ROLE, database))
    return asyncio.run(examine(cluster.settings, where))


def problems(findings: list[Finding]) -> str:
    return "\n".join(problem for finding in findings for problem in finding.problems)


def run(cluster: Cluster, sql: str) -> None:
    async def once() -> None:
        connection = await asyncpg.connect(cluster.dsn("postgres", DATABASE))
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    asyncio.run(once())


@contextmanager
def planted(cluster: Cluster, plant: str, remove: str) -> Iterator[str]:
    """What the doctor says while something unsafe is in place."""
    run(cluster, plant)
    try:
        found = look(cluster)
        with pytest.raises(SetupProblem, match="regulars doctor"):
            refuse_unsafe(found)
        yield problems(found)
    finally:
        run(cluster, remove)


def test_all_is_well_as_installed(shop: Cluster) -> None:
    found = look(shop)
    assert len(found) == len(checks.CHECKS) + len(checks.REMARKS)
    assert problems(found) == ""
    refuse_unsafe(found)


def a_backup(folder: Path, life: str) -> None:
    now = utc_now()
    folder.mkdir()
    write_label(
        folder,
        Label(
            kind="base", begun_at=now, ended_at=now, release="1", postgresql="18", migration=1,
            files={}, life=life,
        ),
    )  # fmt: skip


async def counted(settings: Settings, where: Addresses) -> list[str]:
    """Of which kinds `/metrics` tells a backup."""
    connection = await asyncpg.connect(where.owner)
    try:
        return list(await backups_told(settings, connection))
    finally:
        await connection.close()


def test_a_seal_that_stands_and_backups_that_are_not_made_are_said(
    shop: Cluster, tmp_path: Path
) -> None:
    said = "\n".join(remark for one in look(shop) for remark in one.remarks)
    assert "No backups are made: set REGULARS_BACKUPS" in said
    assert "is broken" not in said
    begun = "insert into seal_chain values (1, gen_random_uuid(), now() - interval '1 day')"
    signed = "insert into seal_checkpoint values (1, 1, sha256(''), now() - interval '1 day', 'k', "
    run(shop, f"""{begun}; {signed} decode(repeat('00', 64), 'hex'));
                  update seal_reach set behind = '{{"1": 5}}'""")  # fmt: skip
    there = replace(shop.settings, backups=tmp_path, anchor_file=tmp_path / "anchor.jsonl")
    where = Addresses(shop.dsn(OWNER_ROLE, DATABASE), shop.dsn(APP_ROLE, DATABASE))
    a_backup(tmp_path / "drill", "archive-of-a-drill")
    found = asyncio.run(examine(there, where))
    said = "\n".join(remark for one in found for remark in one.remarks)
    assert "The chain of program 1 is broken" in said
    assert f"The anchor (file {tmp_path}/anchor.jsonl) was not told what was sealed since" in said
    assert f"There is no backup of this installation in {tmp_path} yet" in said
    assert problems(found) == ""
    assert asyncio.run(counted(there, where)) == []
    a_backup(tmp_path / "own", archive_name(shop.place))
    found = asyncio.run(examine(there, where))
    assert "backup" not in "\n".join(remark for one in found for remark in one.remarks)
    assert asyncio.run(counted(there, where)) == ["base"]
    run(
        shop,
        """set session_replication_role = replica; delete from seal_checkpoint;
                 delete from seal_chain; update seal_reach set behind = '{}'""",
    )


UNSAFE = {
    "commits of the role are not flushed": (
        "ALTER ROLE regulars_app SET synchronous_commit = off",
        "ALTER ROLE regulars_app RESET synchronous_commit",
        "synchronous_commit is off",
    ),
    "superuser": (
        "ALTER ROLE regulars_app SUPERUSER",
        "ALTER ROLE regulars_app NOSUPERUSER",
        "ALTER ROLE regulars_app NOSUPERUSER",
    ),
    "bypasses row-level security": (
        "ALTER ROLE regulars_app BYPASSRLS",
        "ALTER ROLE regulars_app NOBYPASSRLS",
        "ALTER ROLE regulars_app NOBYPASSRLS",
    ),
    "owns a table": (
        "CREATE TABLE theirs (id int); ALTER TABLE theirs OWNER TO regulars_app",
        "DROP TABLE theirs",
        "regulars_app owns 1 tables",
    ),
    "may become the owner": (
        "GRANT regulars_owner TO regulars_app",
        "REVOKE regulars_owner FROM regulars_app",
        "REVOKE regulars_owner FROM regulars_app",
    ),
    "a tenant table without row-level security": (
        "CREATE TABLE open_to_all (program_id int)",
        "DROP TABLE open_to_all",
        "ALTER TABLE open_to_all ENABLE ROW LEVEL SECURITY",
    ),
    "a tenant table whose owner is not fenced": (
        "CREATE TABLE half (program_id int); ALTER TABLE half ENABLE ROW LEVEL SECURITY",
        "DROP TABLE half",
        "ALTER TABLE half ENABLE ROW LEVEL SECURITY, FORCE",
    ),
}


@pytest.mark.parametrize("unsafe", UNSAFE)
def test_what_is_planted_is_found(shop: Cluster, unsafe: str) -> None:
    plant, remove, told = UNSAFE[unsafe]
    with planted(shop, plant, remove) as said:
        assert told in said
    assert problems(look(shop)) == ""


def test_a_proxy_that_is_not_believed_is_named(shop: Cluster) -> None:
    numbers = Numbers(pid=1, part="web", strangers={"172.18.0.2": 412, "127.0.0.1": 3})
    board = board_of(shop.settings)
    board.mkdir(parents=True, exist_ok=True)
    told = board / "web-1.json"
    told.write_bytes(msgspec.json.encode(numbers))
    try:
        (found,) = (one for one in look(shop) if "REGULARS_TRUSTED_PROXIES" in one.check)
    finally:
        told.unlink()
    assert found.ok
    (remark,) = found.remarks
    assert remark.startswith("172.18.0.2 says for whom it asks (412 times) and is not believed")
    assert "127.0.0.0/8, ::1/128" in remark


def test_a_database_without_fsync_is_refused(cluster: Cluster, template: str) -> None:
    said = problems(look(cluster, template))
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        assert f"{name} is off" in said


def test_an_operators_unsafe_setting_is_found(shop: Cluster) -> None:
    shop.stop()
    own = shop.place.folder / "operator.conf"
    own.write_text("full_page_writes = off\n")
    try:
        assert "full_page_writes is off" in problems(look(shop.start()))
    finally:
        shop.stop()
        own.unlink()
        shop.start()


def test_missing_and_foreign_migrations_are_told(shop: Cluster, tmp_path: Path) -> None:
    where = Addresses(shop.owner_dsn, shop.app_dsn)
    found = asyncio.run(examine(shop.settings, where, migrations=tmp_path))
    assert "newer than this release" in problems(found)
    run(shop, "CREATE DATABASE bare OWNER regulars_owner")
    assert "run `regulars migrate`" in problems(look(shop, "bare"))


def test_clocks_that_disagree_are_told(shop: Cluster) -> None:
    where = Addresses(shop.owner_dsn, shop.app_dsn)
    for apart in (timedelta(hours=-1), timedelta(seconds=30)):
        found = asyncio.run(
            examine(shop.settings, where, now=lambda apart=apart: datetime.now(UTC) + apart)
        )
        assert "seconds apart" in problems(found)


def test_weak_secrets_are_told(shop: Cluster) -> None:
    path = shop.settings.secrets_dir / "signing_key"
    good = path.read_text()
    path.write_text("password")
    try:
        assert "signing_key is short or guessable" in problems(look(shop))
    finally:
        path.write_text(good)


def test_a_full_disk_and_an_old_postgres_are_told(
    shop: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "LEAST_FREE_MIB", 1 << 40)
    monkeypatch.setattr(checks, "OLDEST_POSTGRES", 990_000)
    said = problems(look(shop))
    assert "are free at" in said
    assert "upgrade it" in said


def test_a_database_that_does_not_answer_is_told(shop: Cluster) -> None:
    shop.stop()
    try:
        assert "Run `regulars init`" in problems(look(shop))
    finally:
        shop.start()


def test_your_own_database_is_told_what_its_administrator_must_run(
    make_settings: Callable[..., Settings],
) -> None:
    settings = make_settings(
        REGULARS_DATABASE_URL="postgresql://regulars_app:x@127.0.0.1:1/regulars",
        REGULARS_OWNER_DATABASE_URL="postgresql://regulars_owner:x@127.0.0.1:1/regulars",
    )
    said = problems(asyncio.run(examine(settings)))
    assert "CREATE ROLE regulars_app LOGIN" in said


def test_your_own_database_is_looked_over_like_the_embedded_one(
    shop: Cluster, make_settings: Callable[..., Settings]
) -> None:
    settings = make_settings(
        REGULARS_DATABASE_URL=shop.app_dsn, REGULARS_OWNER_DATABASE_URL=shop.owner_dsn
    )
    with database_running(settings) as where:
        assert (where.app, where.owner) == (shop.app_dsn, shop.owner_dsn)
        found = asyncio.run(examine(settings))
    assert problems(found) == ""
    assert not folder_of(settings).exists()
