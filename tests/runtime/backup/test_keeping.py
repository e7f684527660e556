"""Backups are whole or not there, the archive keeps up, and secrets are kept apart."""

import asyncio
import os
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from tests.runtime.backup.conftest import Open
from tests.turns import NIGHTLY

from regulars.runtime.backup.apart import bring_secrets, keep_secrets
from regulars.runtime.backup.label import LABEL, check_files, read_label
from regulars.runtime.backup.making import address_of, dump, make
from regulars.runtime.backup.restoring import instant
from regulars.runtime.backup.shelf import backups_on, place_on, shelf_of
from regulars.runtime.embedded.archive import LONGEST_WAIT_S, SCRIPT
from regulars.runtime.installation.secret_files import NAMES, open_secrets
from regulars.runtime.installation.settings import Settings
from regulars.runtime.problems import SetupProblem
from regulars.runtime.storage.database import utc_now


@pytest.mark.slow
def test_a_backup_says_what_it_is_and_is_closed_to_others(shop: Open) -> None:
    assert [kept.label.kind for kept in backups_on(shop.shelf)] == ["base", "dump"]
    label = read_label(shop.base.path)
    assert label == shop.base.label
    assert label.begun_at < label.ended_at <= shop.before
    assert (label.postgresql[:2], label.migration >= 2) == ("18", True)
    assert (shop.shelf / label.archive).is_dir()
    check_files(shop.base.path, label)
    for path in (shop.base.path, *shop.base.path.iterdir(), shop.shelf / label.archive):
        if path.name != LABEL:
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


@pytest.mark.slow
def test_no_secret_lies_in_a_backup(shop: Open) -> None:
    kept = [
        open_secrets(shop.settings).database_app_password,
        open_secrets(shop.settings).signing_key,
    ]
    for backup in (shop.base, shop.dumped):
        for path in backup.path.iterdir():
            unpacked = subprocess.run(
                ["gzip", "-dcf", path], capture_output=True, check=True
            ).stdout
            assert [secret for secret in kept if secret.encode() in unpacked] == [], path


@pytest.mark.slow
def test_a_quiet_shop_is_archived_within_a_minute(shop: Open) -> None:
    """What is sold last is lost with the disk only if it goes within this time.

    By day it is told to wait three seconds, by night it waits as long as it does for everybody.
    """
    assert LONGEST_WAIT_S + 15 <= 60

    async def pieces() -> str:
        connection = await asyncpg.connect(shop.cluster.dsn("postgres"))
        try:
            return str(await connection.fetchval("select last_archived_wal from pg_stat_archiver"))
        finally:
            await connection.close()

    async def waits() -> None:
        connection = await asyncpg.connect(shop.cluster.dsn("postgres"))
        try:
            assert await connection.fetchval("show archive_timeout") == f"{LONGEST_WAIT_S}s"
            if not NIGHTLY:
                own = shop.cluster.place.folder / "operator.conf"
                own.write_text("archive_timeout = 3\n")
                own.chmod(0o644)
                await connection.execute("select pg_reload_conf()")
        finally:
            await connection.close()

    asyncio.run(waits())
    before = asyncio.run(pieces())
    shop.sell("the last one of the day")
    begun = time.monotonic()
    while asyncio.run(pieces()) == before:
        assert time.monotonic() - begun < 60
        time.sleep(0.1)


@pytest.mark.slow
def test_two_backups_at_once_do_not_mix(shop: Open) -> None:
    with (
        place_on(shop.shelf, "base", utc_now()),
        pytest.raises(SetupProblem, match="Another backup"),
    ):
        asyncio.run(dump(shop.cluster.owner_dsn, shop.shelf, utc_now))
    assert len(backups_on(shop.shelf)) >= 2


def test_a_backup_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail() -> None:
        with place_on(tmp_path, "base", utc_now()) as (draft, _):
            (draft / "base.tar.gz").write_bytes(b"half")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_what_a_killed_backup_left_is_no_backup_and_is_cleared_away(tmp_path: Path) -> None:
    left = tmp_path / "2026-01-01T000000Z-base.draft"
    left.mkdir()
    (left / LABEL).write_text("{}")
    assert backups_on(tmp_path) == []
    with place_on(tmp_path, "base", utc_now()) as (draft, _):
        assert not left.exists()
        (draft / "x").touch()
    assert len(list(tmp_path.glob("*-base"))) == 1


def test_without_a_folder_it_says_which_setting(make_settings: Callable[..., Settings]) -> None:
    with pytest.raises(SetupProblem, match="REGULARS_BACKUPS"):
        shelf_of(make_settings())


def test_your_own_database_is_backed_up_by_your_own_tools(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    own = make_settings(
        REGULARS_DATABASE_URL="postgresql://a@127.0.0.1:1/b",
        REGULARS_OWNER_DATABASE_URL="postgresql://a@127.0.0.1:1/b",
    )
    with pytest.raises(SetupProblem, match="pgBackRest"):
        make(own, tmp_path, "base", utc_now)


def test_a_password_is_no_argument_of_a_program() -> None:
    where, environment = address_of(
        "postgresql://owner:se%2Fcret@db.example:5433/r?sslmode=require"
    )
    assert where == "postgresql://owner@db.example:5433/r?sslmode=require"
    assert environment == {"PGPASSWORD": "se/cret"}


@pytest.mark.parametrize(
    "text", ["2026-11-25T10:00", "yesterday", "2026-13-01T00:00Z", "", "10:00Z"]
)
def test_an_instant_that_says_too_little_is_refused(text: str) -> None:
    with pytest.raises(SetupProblem, match="Write date, time and zone"):
        instant(text)


def test_an_instant_is_read_in_any_zone() -> None:
    assert instant("2026-11-25T11:00+01:00") == instant("2026-11-25T10:00Z")


def archived(piece: Path, archive: Path) -> int:
    words = ["/bin/sh", "-c", SCRIPT, "archive", str(piece), piece.name, str(archive)]
    return subprocess.run(words, check=False, capture_output=True).returncode


def test_a_piece_is_archived_once_and_never_overwritten(tmp_path: Path) -> None:
    piece, archive = tmp_path / "0001", tmp_path / "archive"
    archive.mkdir()
    piece.write_bytes(b"a" * 1000)
    assert archived(piece, archive) == 0
    assert archived(piece, archive) == 0, "after a crash PostgreSQL may ask again"
    piece.write_bytes(b"b" * 1000)
    assert archived(piece, archive) != 0
    assert [path.name for path in archive.iterdir()] == ["0001.gz"]


def test_an_archive_that_cannot_be_written_is_heard(tmp_path: Path) -> None:
    piece = tmp_path / "0001"
    piece.write_bytes(b"a")
    assert archived(piece, tmp_path / "nowhere") != 0


def test_secrets_go_there_and_back(make_settings: Callable[..., Settings], tmp_path: Path) -> None:
    shop, safe = make_settings(), tmp_path / "safe"
    secrets = open_secrets(shop)
    assert keep_secrets(shop, safe) == list(NAMES)
    assert keep_secrets(shop, safe) == list(NAMES), "again changes nothing"
    assert stat.S_IMODE(safe.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in safe.iterdir()} == {0o600}
    other = make_settings()
    bring_secrets(other, safe)
    assert open_secrets(other) == secrets
    with pytest.raises(SetupProblem, match="has secrets already"):
        bring_secrets(other, safe)
    with pytest.raises(SetupProblem, match="no secrets in"):
        bring_secrets(make_settings(), tmp_path)


def test_secrets_do_not_go_among_the_books(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    shop = make_settings(REGULARS_BACKUPS=str(tmp_path / "shelf"))
    open_secrets(shop)
    for near in (tmp_path / "shelf", tmp_path / "shelf" / "secrets", shop.home / "copy"):
        with pytest.raises(SetupProblem, match="with the books"):
            keep_secrets(shop, near)
    safe = tmp_path / "safe"
    safe.mkdir()
    (safe / NAMES[0]).write_text("of another shop")
    with pytest.raises(SetupProblem, match="holds another secret"):
        keep_secrets(shop, safe)
    assert (safe / NAMES[0]).read_text() == "of another shop"
    assert os.listdir(safe) == [NAMES[0]]
