"""What was backed up comes back whole, as of the instant asked for, and can be told apart."""

import asyncio
import gzip
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest
from tests.runtime.backup.conftest import Open, rows

from regulars.insight.chain import verify_chains
from regulars.runtime.backup.apart import bring_secrets, keep_secrets
from regulars.runtime.backup.erasure_list import keep_lists, lists_at
from regulars.runtime.backup.label import read_label, write_label
from regulars.runtime.backup.making import dump
from regulars.runtime.backup.own_database import CUT_OFF, restoring_own
from regulars.runtime.backup.restoring import Restored, Wanted, restore
from regulars.runtime.backup.shelf import Kept, newest_base, prune
from regulars.runtime.checking.doctor import examine
from regulars.runtime.cli.backing_up import _bring, say_forgotten
from regulars.runtime.embedded import Cluster
from regulars.runtime.embedded.cluster import SUPERUSER
from regulars.runtime.embedded.place import folder_of, prepare_place
from regulars.runtime.embedded.unfinished import MADE, restoring, unfinished
from regulars.runtime.installation.addresses import APP_ROLE, OWNER_ROLE, addresses
from regulars.runtime.installation.secret_files import open_secrets
from regulars.runtime.installation.settings import Settings
from regulars.runtime.problems import SetupProblem
from regulars.runtime.storage.database import utc_now
from regulars.runtime.working.sealing.keys import open_keyring
from regulars.runtime.working.sealing.showing import read_anchors

pytestmark = pytest.mark.slow

FORGOTTEN = "select count(*)::int from member where state = 'erased'"
RECEIPTS = "select external_id from activity where external_id in ('first', 'before', 'after')"


def put_back(settings: Settings, wanted: Wanted) -> Restored:
    return restore(settings, wanted, utc_now(), lambda _: None)


def sold(settings: Settings) -> set[str]:
    cluster = Cluster(settings).start()
    try:
        return set(asyncio.run(rows(cluster.owner_dsn, RECEIPTS)))
    finally:
        cluster.leave()


def nothing_left(settings: Settings) -> bool:
    folder = folder_of(settings)
    return not (folder / "cluster").exists() and not (folder / "cluster.restored").exists()


async def chained(dsn: str, keys: Any, anchors: Any) -> list[str]:
    """What is not as it was sealed, by its code."""
    connection = await asyncpg.connect(dsn)
    try:
        report = await verify_chains(connection, keys, anchors)
    finally:
        await connection.close()
    return [wrong.code for chain in report.chains for wrong in chain.wrong]


def test_an_instant_between_two_sales_has_the_first_and_not_the_second(
    shop: Open, elsewhere: Settings
) -> None:
    restored = put_back(elsewhere, Wanted(shop.base, shop.before))
    assert restored.report.right
    assert sold(elsewhere) == {"first", "before"}
    assert shop.settings.anchor_file is not None
    told, _ = read_anchors([shop.settings.anchor_file])
    then = [one for one in told if one.sealed_at <= shop.before]
    assert 0 < len(then) < len(told)
    cluster = Cluster(elsewhere).start()
    keys = open_keyring(shop.settings)
    as_sealed, cut_off = (
        asyncio.run(chained(cluster.owner_dsn, keys, anchors)) for anchors in (then, told)
    )
    cluster.leave()
    assert as_sealed == []
    assert cut_off == ["anchor_beyond"]


def test_without_an_instant_everything_that_was_archived_is_back(
    shop: Open, elsewhere: Settings
) -> None:
    restored = put_back(elsewhere, Wanted(shop.base))
    assert (restored.report.right, restored.epoch) == (True, 1)
    assert sold(elsewhere) == {"first", "before", "after"}
    cluster = Cluster(elsewhere).start()
    fence = "select count(*) from outbox o, fence f where o.recorded_at > f.raised_at"
    assert asyncio.run(rows(cluster.owner_dsn, fence)) == [0]
    assert asyncio.run(rows(cluster.owner_dsn, "show hot_standby")) == ["on"]
    cluster.leave()


def test_a_dump_is_of_its_instant_and_forgets_who_was_erased_since(
    shop: Open, elsewhere: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.erase("m2")
    assert asyncio.run(rows(shop.cluster.owner_dsn, FORGOTTEN)) == [1]
    (kept,) = asyncio.run(keep_lists(addresses(shop.settings), tmp_path / "lists"))
    assert kept.name.startswith("erasures-")
    restored = put_back(elsewhere, Wanted(shop.dumped, None, tuple(lists_at(tmp_path / "lists"))))
    assert (restored.report.right, restored.epoch) == (True, 1)
    assert restored.forgotten is not None
    assert (restored.forgotten.erased, restored.unlisted, restored.failed) == (1, (), "")
    assert sold(elsewhere) == {"first"}
    cluster = Cluster(elsewhere).start()
    assert asyncio.run(rows(cluster.owner_dsn, FORGOTTEN)) == [1]
    cluster.leave()
    say_forgotten(restored, unwanted=False)
    assert "1 people erased again" in capsys.readouterr().out
    say_forgotten(replace(restored, forgotten=None, unlisted=("corner",)), unwanted=False)
    assert "erase --reapply FILE" in capsys.readouterr().out


def test_a_restored_shop_has_an_archive_of_its_own(
    shop: Open, make_settings: Callable[..., Settings]
) -> None:
    """A drill that writes beside the shop's own archive must not lead it astray."""
    drill = make_settings(REGULARS_BACKUPS=str(shop.shelf))
    real = make_settings()
    pieces = {path.name for path in (shop.shelf / shop.base.label.archive).glob("*.gz")}
    try:
        put_back(drill, Wanted(shop.base, shop.before))
        shop.sell("later")
        shop.archive()
        put_back(real, Wanted(newest_base(shop.shelf, None)))
        assert sold(real) == {"first", "before", "after"}
        now = {path.name for path in (shop.shelf / shop.base.label.archive).glob("*.gz")}
        assert pieces < now
        assert {name[:8] for name in now} == {"00000001"}
    finally:
        Cluster(drill).destroy()
        Cluster(real).destroy()


def test_an_instant_after_the_last_change_is_refused_and_nothing_stays(
    shop: Open, elsewhere: Settings
) -> None:
    with pytest.raises(SetupProblem, match="the last change in it is of 20"):
        put_back(elsewhere, Wanted(shop.base, utc_now()))
    assert nothing_left(elsewhere)


def test_instants_that_cannot_be_are_refused(shop: Open, elsewhere: Settings) -> None:
    for wanted, says in (
        (Wanted(shop.base, utc_now() + timedelta(days=1)), "has yet to come"),
        (Wanted(shop.base, shop.base.label.begun_at), "after the instant asked for"),
        (Wanted(shop.dumped, shop.before), "nothing to choose"),
    ):
        with pytest.raises(SetupProblem, match=says):
            put_back(elsewhere, wanted)
    with pytest.raises(SetupProblem, match="The earliest instant to go back to"):
        newest_base(shop.shelf, shop.base.label.begun_at - timedelta(days=1))
    assert nothing_left(elsewhere)


def killed(settings: Settings, kept: Kept, where: str, **more: str) -> None:
    """A restore that dies on its way."""
    environment = {**os.environ, "REGULARS_HOME": str(settings.home), **more}
    environment["REGULARS_SYSTEM_DIR"] = str(settings.system_dir)
    command = [sys.executable, "-m", "tests.runtime.backup.killed", str(kept.path), where]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_a_restore_that_is_killed_leaves_nothing_that_can_be_served(
    shop: Open, elsewhere: Settings, tmp_path: Path
) -> None:
    open_secrets(elsewhere)
    keep_secrets(elsewhere, tmp_path / "safe")
    # PostgreSQL runs on without us: it has replayed all, and would take whoever connects.
    killed(elsewhere, shop.base, "Verifying")
    assert (folder_of(elsewhere) / "cluster" / MADE).exists()
    with pytest.raises(SetupProblem, match=r"was cut off.*`regulars restore` again"):
        Cluster(elsewhere).start()
    assert bring_secrets(elsewhere, tmp_path / "safe", again=True)
    restored = put_back(elsewhere, Wanted(shop.base))
    assert (restored.report.right, restored.epoch) == (True, 1)
    assert not (folder_of(elsewhere) / "cluster" / MADE).exists()
    assert sold(elsewhere) == {"first", "before", "after"}


def test_while_a_restore_goes_on_there_is_no_other_and_nobody_starts_what_it_makes(
    elsewhere: Settings,
) -> None:
    place = prepare_place(elsewhere)
    with restoring(place):
        for work in (lambda: Cluster(elsewhere).start(), lambda: restoring(place).__enter__()):
            with pytest.raises(SetupProblem, match=r"estore into .* is going on"):
                work()
    assert not unfinished(place.folder)


def test_a_database_of_your_own_is_not_served_between_its_tables_and_the_fence(
    shop: Open, elsewhere: Settings, tmp_path: Path
) -> None:
    elsewhere.home.mkdir(exist_ok=True)
    shop.cluster.create_database("own")
    owner, app = shop.cluster.dsn(OWNER_ROLE, "own"), shop.cluster.dsn(APP_ROLE, "own")
    own = replace(elsewhere, database_url=app, owner_database_url=owner)
    asyncio.run(rows(owner, "select 1"))
    names = {"REGULARS_DATABASE_URL": app, "REGULARS_OWNER_DATABASE_URL": owner}
    killed(own, shop.dumped, "the fence", **names)
    assert asyncio.run(rows(owner, RECEIPTS)) == ["first"]
    found = asyncio.run(examine(own, addresses(own)))
    assert [one.problems for one in found if "was cut off" in str(one.problems)] == [(CUT_OFF,)]
    assert asyncio.run(rows(owner, "select epoch from fence")) == []
    with pytest.raises(SetupProblem, match="no books to back up"):
        asyncio.run(dump(owner, tmp_path / "shelf", utc_now))
    open_secrets(own)
    keep_secrets(own, tmp_path / "safe")
    _bring(own, tmp_path / "safe")  # the same command again
    # What was there before the first try, and is not ours to remove.
    admin = shop.cluster.dsn(SUPERUSER, "own")
    asyncio.run(rows(admin, "create domain public.postcode as text"))
    restored = put_back(own, Wanted(shop.dumped))
    assert (restored.report.right, restored.epoch) == (True, 1)
    assert asyncio.run(rows(owner, RECEIPTS)) == ["first"]
    assert asyncio.run(rows(owner, "select to_regclass('public.restoring') is null")) == [True]
    assert asyncio.run(rows(admin, "select to_regtype('postcode')::text")) == ["postcode"]
    with pytest.raises(SetupProblem, match="tables already"):
        put_back(own, Wanted(shop.dumped))


def test_a_restore_outlives_its_silent_connection_and_touches_nothing_of_a_later_one(
    shop: Open,
) -> None:
    shop.cluster.create_database("silent")
    owner, admin = (shop.cluster.dsn(role, "silent") for role in (OWNER_ROLE, SUPERUSER))
    cut = """select pg_terminate_backend(pid) from pg_locks
              where locktype = 'advisory' and database =
                    (select oid from pg_database where datname = current_database())"""
    marked = "select to_regclass('public.restoring') is not null"
    with restoring_own(owner):
        asyncio.run(rows(admin, cut))
    assert asyncio.run(rows(owner, marked)) == [False]

    def overtaken() -> None:
        with restoring_own(owner):
            asyncio.run(rows(admin, cut))
            with restoring_own(owner):
                asyncio.run(rows(owner, "create table public.theirs ()"))

    with pytest.raises(SetupProblem, match="has begun meanwhile"):
        overtaken()
    assert asyncio.run(rows(owner, "select to_regclass('public.theirs') is null")) == [False]


def test_what_cannot_be_cleared_away_is_said_with_a_mend(shop: Open) -> None:
    shop.cluster.create_database("theirs")
    owner, admin = (shop.cluster.dsn(role, "theirs") for role in (OWNER_ROLE, SUPERUSER))
    # An extension that the owner made is of functions that the owner has and cannot drop.
    asyncio.run(rows(admin, "create extension vector schema public"))
    asyncio.run(rows(owner, "create function public.near() returns int return 1"))
    asyncio.run(rows(admin, "alter extension vector add function public.near()"))
    asyncio.run(rows(owner, "create function public.left_over() returns int return 1"))
    asyncio.run(rows(owner, "create table public.restoring (begun_at timestamptz default now())"))
    works_on = f"{owner}{'&' if '?' in owner else '?'}application_name=pg_restore"
    left = asyncio.Runner()
    orphan = left.run(asyncpg.connect(works_on))
    with restoring_own(owner):
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            left.run(orphan.execute("select 1"))
        found = "select proname from pg_proc where proname in ('near', 'left_over')"
        assert asyncio.run(rows(owner, found)) == ["near"]
    left.close()
    asyncio.run(rows(admin, "create table public.restoring ()"))
    with pytest.raises(SetupProblem, match="cannot be removed"), restoring_own(owner):
        pytest.fail("it began")


def copied(shop: Open, to: Path) -> Kept:
    """A copy of the shelf, to be damaged; the base backup on it."""
    shutil.copytree(shop.shelf, to)
    path = to / shop.base.path.name
    return Kept(path, read_label(path))


def test_a_damaged_file_is_found_before_anything_is_made(
    shop: Open, elsewhere: Settings, tmp_path: Path
) -> None:
    for name, damage in (
        ("base.tar.gz", lambda path: path.write_bytes(path.read_bytes()[:-7] + b"damaged")),
        ("pg_wal.tar.gz", lambda path: path.write_bytes(path.read_bytes()[:-1])),
        ("backup_manifest", lambda path: path.unlink()),
    ):
        kept = copied(shop, tmp_path / name)
        damage(kept.path / name)
        with pytest.raises(SetupProblem, match=rf"damaged: {name}"):
            put_back(elsewhere, Wanted(kept))
        assert nothing_left(elsewhere)


@pytest.mark.parametrize("damage", ["a gap", "half a piece", "another piece"])
def test_a_damaged_archive_is_refused_and_not_taken_for_its_end(
    damage: str, shop: Open, elsewhere: Settings, tmp_path: Path
) -> None:
    kept = copied(shop, tmp_path / "shelf")
    shop.sell(f"more {damage}")
    shop.archive()
    archive = tmp_path / "shelf" / kept.label.archive
    shutil.rmtree(archive)
    shutil.copytree(shop.shelf / kept.label.archive, archive)
    pieces = sorted(path for path in archive.glob("*.gz") if len(path.name) == 27)
    victim = pieces[-2]
    if damage == "a gap":
        victim.unlink()
    elif damage == "half a piece":
        victim.write_bytes(victim.read_bytes()[:-100])
    else:
        victim.write_bytes(gzip.compress(b"not 16 MiB"))
    with pytest.raises(SetupProblem, match="gap before" if damage == "a gap" else "is damaged"):
        put_back(elsewhere, Wanted(kept))
    assert nothing_left(elsewhere)


def test_without_its_archive_a_base_backup_is_good_as_of_its_end(
    shop: Open, elsewhere: Settings, tmp_path: Path
) -> None:
    kept = copied(shop, tmp_path / "shelf")
    shutil.rmtree(tmp_path / "shelf" / kept.label.archive)
    with pytest.raises(SetupProblem, match="no archive beside"):
        put_back(elsewhere, Wanted(kept, shop.before))
    assert put_back(elsewhere, Wanted(kept)).report.right
    assert sold(elsewhere) == {"first"}


def test_over_books_or_into_a_home_that_is_used_nothing_is_restored(
    shop: Open, elsewhere: Settings
) -> None:
    with pytest.raises(SetupProblem, match="There are books in"):
        put_back(shop.settings, Wanted(shop.base))
    elsewhere.home.mkdir()
    (elsewhere.home / "photos").mkdir()
    with pytest.raises(SetupProblem, match="is not empty: it has photos"):
        put_back(elsewhere, Wanted(shop.base))
    (elsewhere.home / "photos").rmdir()
    with (elsewhere.home / "serve.lock").open("w") as lock:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(SetupProblem, match="Regulars serves"):
            put_back(elsewhere, Wanted(shop.base))
    assert nothing_left(elsewhere)


def test_a_base_backup_does_not_go_into_a_database_of_your_own(
    shop: Open, elsewhere: Settings
) -> None:
    dsn = shop.cluster.owner_dsn
    own = replace(elsewhere, database_url=dsn, owner_database_url=dsn)
    with pytest.raises(SetupProblem, match="base backup is of the embedded database"):
        put_back(own, Wanted(shop.base))
    with pytest.raises(SetupProblem, match="tables already"):
        put_back(own, Wanted(shop.dumped))


def test_the_oldest_go_first_and_what_only_they_needed(shop: Open, tmp_path: Path) -> None:
    kept = copied(shop, tmp_path / "shelf")
    shelf = tmp_path / "shelf"
    for another in set(shelf.glob("*-base")) - {kept.path}:  # of the tests before this one
        shutil.rmtree(another)
    later = shelf / "2999-01-01T000000Z-base"
    shutil.copytree(kept.path, later)
    write_label(later, msgspec.structs.replace(kept.label, ended_at=utc_now()))
    # A drill's lie beside them: they are not counted, and nobody restores them unasked.
    drilled = msgspec.structs.replace(kept.label, ended_at=utc_now(), life="archive-drill")
    shutil.copytree(kept.path, shelf / "2999-01-02T000000Z-base")
    write_label(shelf / "2999-01-02T000000Z-base", drilled)
    with pytest.raises(SetupProblem, match=r"2 installations .*2999-01-01.*2999-01-02.*archive-dr"):
        newest_base(shelf, None)
    assert newest_base(shelf, None, kept.label.archive).path == later
    assert newest_base(shelf, kept.label.ended_at).path == kept.path
    assert prune(shelf, kept.label, 2) == []
    archive = shelf / kept.label.archive
    (archive / "000000010000000000000000.gz").write_bytes(b"older than both")
    assert prune(shelf, kept.label, 1) == [kept.path.name]
    assert not (archive / "000000010000000000000000.gz").exists()
    assert (archive / "000000010000000000000001.gz").exists() is False
    assert later.exists()
    assert (shelf / "2999-01-02T000000Z-base").exists()
    assert shop.dumped.path.name in {path.name for path in shelf.iterdir()}
