"""What a person may ask, over HTTP and at the command line; and what a restored backup must do."""

import asyncio
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.leaving.planting import Person, erase, found, is_told, person, sums
from tests.makers import Shop, buys
from tests.surfaces.counter import Counter, coffee, problem

from regulars.insight.export import person as telling
from regulars.records.members.types import Identifier, JoinMember, MemberErased, MemberRef
from regulars.runtime.backup.erasure_list import apply_list, keep_list, list_in, read_list

TEXT = {"details": {"note": "for Ada"}}


@pytest.fixture
def counter(fresh_database: Any) -> Any:
    opened = Counter.open(fresh_database)
    yield opened
    opened.close()


def test_a_person_gets_everything_that_is_kept_of_them(counter: Counter) -> None:
    id_ = counter.joined("C-1")
    other = counter.joined("C-2")
    counter.post("/v1/activities", coffee("C-1", 2, external_id="r1", source="till", **TEXT))
    counter.post("/v1/activities", coffee("C-2", 1, external_id="r2", source="till"))
    answer = counter.get(f"/v1/members/{id_}/export")
    assert answer.status_code == 200
    holds = answer.json()["holds"]
    assert {"members", "identifiers", "activities", "entries", "postings", "lots", "balances",
            "trails", "events"} <= holds.keys()  # fmt: skip
    assert holds["identifiers"] == [{"member_id": id_, "kind": "card", "value": "C-1"}]
    (sold,) = holds["activities"]
    assert (sold["external_id"], sold["details"]) == ("r1", {"note": "for Ada"})
    assert sold["lines"][0]["sku"] == "latte"
    assert other not in answer.text
    assert other[4:] not in answer.text
    # They turn out to be one: of the record that went there were activities and consents alone.
    one = {"into": {"id": id_}, "reason": "one person"}
    assert counter.post(f"/v1/members/{other}/merge", one).status_code == 200
    holds = counter.get(f"/v1/members/{id_}/export").json()["holds"]
    for name in ("members", "entries", "trails"):
        assert {row["member_id"] for row in holds[name]} == {id_, other}, name
    assert {row["member_id"] for rows in holds.values() for row in rows} == {id_, other}
    assert counter.get(f"/v1/members/{other}/export").json()["holds"] == holds


def test_every_table_with_a_member_is_told_to_the_person(corner: Shop) -> None:
    chance = random.Random(4)
    people = [person(corner, chance, place) for place in range(8)]
    is_told(corner, chance, people[0], people[0].words[0], 99)
    told: set[str] = set()
    for one in people:

        async def ask(tx: Any, terms: Any, one: Person = one) -> set[str]:
            return set(await telling.person(tx, "EUR", one.id))

        told |= corner.do(ask)
    sql = """select table_name::text from information_schema.columns
              where column_name = 'member_id' and table_schema = 'public' and $1::int > 0"""
    names = {file.name: file.table for file in telling.files()}
    there = {names.get(name, name) for name in told}
    filled = {
        table for (table,) in corner.rows(sql)
        if corner.rows(f"select 1 from {table} where program_id = $1 limit 1")
    }  # fmt: skip
    assert filled - there <= telling.TOLD_OTHERWISE


def test_erased_over_http_is_erased_once_and_for_all(counter: Counter) -> None:
    id_ = counter.joined("C-1")
    counter.post("/v1/activities", coffee("C-1", 3, external_id="r1", source="till", **TEXT))
    first = counter.ask("DELETE", f"/v1/members/{id_}", idempotency_key="e1")
    assert (first.status_code, first.json()["id"]) == (200, id_)
    again = counter.ask("DELETE", f"/v1/members/{id_}", idempotency_key="e1")
    assert again.headers["idempotent-replayed"] == "true"
    later = counter.ask("DELETE", f"/v1/members/{id_}")
    assert first.content == again.content == later.content
    shown = counter.get(f"/v1/members/{id_}").json()
    assert (shown["state"], shown["given_name"]) == ("erased", "")
    told = counter.post("/v1/activities", coffee("C-1", external_id="r2", source="till"))
    assert problem(told)[:2] == (410, "member_erased")
    joins = counter.post("/v1/members", {"identifiers": [{"kind": "card", "value": "C-1"}]})
    assert problem(joins)[:2] == (410, "member_erased")
    changed = counter.ask("PATCH", f"/v1/members/{id_}", {"given_name": "Ada"})
    assert problem(changed)[:2] == (410, "member_erased")
    items = counter.get("/v1/quarantine").json()["items"]
    assert [(one["about"], one["external_id"]) for one in items] == [
        ("member", ""), ("activity", "r2"),
    ]  # fmt: skip
    again = {"identifiers": [{"kind": "card", "value": "C-1"}], "again": True}
    assert counter.post("/v1/members", again).status_code == 201


def test_the_trail_of_an_erased_member_tells_points_and_no_reasons(counter: Counter) -> None:
    id_ = counter.joined("C-1")
    sold = counter.post("/v1/activities", coffee("C-1", external_id="r1", source="till")).json()
    counter.ask("DELETE", f"/v1/members/{id_}")
    trail = counter.get(f"/v1/activities/{sold['id']}/trail").json()
    assert trail["says"][0].startswith("The member was erased")
    assert trail["rules"] == sold["rules"]


def test_nobody_unknown_is_erased_or_exported(counter: Counter) -> None:
    nobody = "mem_" + "1" * 32
    for method, path in (("DELETE", ""), ("GET", "/export")):
        answer = counter.ask(method, f"/v1/members/{nobody}{path}")
        assert problem(answer)[:2] == (404, "unknown_member")


# --- a backup of before ------------------------------------------------------------------------


def owner_of(shop: Shop, work: Callable[[Any], Any]) -> Any:
    async def act() -> Any:
        connection = await asyncpg.connect(shop.made.owner_dsn)
        try:
            return await work(connection)
        finally:
            await connection.close()

    return shop.run(act())


@pytest.mark.slow
@pytest.mark.parametrize("salted", [True, False], ids=["known salt", "salt of later"])
def test_a_restored_backup_forgets_again_whoever_is_on_the_list(
    corner: Shop, cluster: Any, tmp_path: Path, salted: bool
) -> None:
    chance = random.Random(6)
    people = [person(corner, chance, place) for place in range(5)]
    if salted:
        erase(corner, people[4])
    copy = f"{corner.made.name}_backup"  # type: ignore[attr-defined]
    _copied(corner, cluster, copy)
    erase(corner, *people[:3])
    found_list = owner_of(corner, lambda c: read_list(c, corner.program_id, "corner"))
    keep_list(found_list, tmp_path / "list.json")
    assert (tmp_path / "list.json").stat().st_mode & 0o777 == 0o600
    for one in people[:3]:
        assert not [w for w in one.words if w in (tmp_path / "list.json").read_text()]
    restored = _opened(corner, cluster, copy)
    try:
        words = [word for one in people[:3] for word in one.words]
        assert found(restored, words)
        before = sums(restored)
        if not salted:  # somebody was erased after the restore, under a salt of its own
            erase(restored, people[4])
        for erased in (3, 0):
            done = owner_of(
                restored,
                lambda c: apply_list(
                    c, restored.database, restored.program_id, list_in(tmp_path / "list.json")
                ),
            )
            assert (done.erased, done.not_here) == (erased, 0)
        assert found(restored, words) == []
        assert sums(restored) == before
        (late,) = restored.record(buys(MemberRef(card=people[0].card), 500, receipt="late"))
        assert isinstance(late, MemberErased)
        names = (Identifier("email", people[1].email),)
        (joins,) = restored.join(JoinMember(identifiers=names))
        assert isinstance(joins, MemberErased)
    finally:
        restored.close()
        cluster.drop_database(copy)


def _copied(shop: Shop, cluster: Any, copy: str) -> None:
    """A backup: the database as it is now, under another name."""
    shop.run(shop.database.close())
    if shop._owner is not None:
        shop.run(shop._owner.close())
        shop._owner = None
    cluster.create_database(copy, shop.made.name)  # type: ignore[attr-defined]
    _reopen(shop)


def _reopen(shop: Shop) -> None:
    from regulars.runtime.serving.programs import Programs
    from regulars.runtime.storage.database import Database

    shop.database = shop.run(Database.connect(shop.made.app_dsn, size=4))
    shop.database.clock = lambda: shop.now
    shop._programs = Programs(shop.database)


def _opened(shop: Shop, cluster: Any, name: str) -> Shop:
    from tests.conftest import APP_ROLE, OWNER_ROLE
    from tests.conftest import Database as Made

    from regulars.runtime.storage.database import Database

    made = Made(name, cluster.dsn(OWNER_ROLE, name), cluster.dsn(APP_ROLE, name))
    runner = asyncio.Runner()
    other = Shop(made, runner, runner.run(Database.connect(made.app_dsn, size=4)))
    other.program_id, other.now = shop.program_id, shop.now
    return other


# --- at the command line -----------------------------------------------------------------------


def verb(shop: Shop, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "REGULARS_HOME": str(home),
        "REGULARS_DATABASE_URL": shop.made.app_dsn,
        "REGULARS_OWNER_DATABASE_URL": shop.made.owner_dsn,
    }
    return subprocess.run(
        [sys.executable, "-m", "regulars", *words], capture_output=True, text=True, check=False,
        env=environment, timeout=60,
    )  # fmt: skip


@pytest.mark.in_turns(2)
@pytest.mark.slow
def test_the_verbs_do_what_they_say(corner: Shop, tmp_path: Path) -> None:
    one = person(corner, random.Random(8), 1)
    home = tmp_path / "home"
    out = verb(corner, home, "export", str(tmp_path / "x"), "--format", "csv")
    assert out.returncode == 0, out.stderr
    assert "canonical/members.csv: 1 rows" in out.stdout
    out = verb(corner, home, "export", str(tmp_path / "y"), "--since", str(tmp_path / "x"))
    assert out.returncode == 0, out.stderr
    assert "canonical/members.parquet: 0 rows" in out.stdout
    out = verb(corner, home, "export", "--check", str(tmp_path / "x"))
    assert out.returncode == 0, out.stdout
    out = verb(corner, home, "export", str(tmp_path / "z"), "--since", "yesterday")
    assert (out.returncode, "not a cursor" in out.stderr) == (1, True)
    out = verb(corner, home, "member", "export", one.phone)
    assert json.loads(out.stdout)["holds"]["members"][0]["given_name"]
    out = verb(corner, home, "member", "erase", "nobody@example.org", "--yes")
    assert (out.returncode, "nobody here is found by" in out.stderr) == (1, True)
    out = verb(corner, home, "member", "erase", one.phone, "--yes")
    assert out.returncode == 0, out.stderr
    assert found(corner, one.words) == []
    assert not [word for word in one.words if word in out.stdout + out.stderr]
    out = verb(corner, home, "erase", "--write-list", str(tmp_path / "list.json"))
    assert "1 erasures" in out.stdout
    out = verb(corner, home, "erase", "--reapply", str(tmp_path / "list.json"))
    assert "0 erased again, 1 were erased already" in out.stdout
    corner.record(buys(MemberRef(card=one.card), 500, receipt="late"))
    out = verb(corner, home, "quarantine")
    assert "purchase late from till" in out.stdout
