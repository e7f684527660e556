"""API keys: shown once, kept as a digest, seen from outside their program only by it."""

import asyncio
from itertools import count
from uuid import UUID

import asyncpg
import pytest
from tests.flows.members.staff.people import HOUSE
from tests.member_makers import NOON, Desk

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound
from regulars.flows.access.api_keys import (
    Created,
    CreateKey,
    CreateOutcome,
    Revoked,
    create_keys,
    revoke_keys,
)
from regulars.records.access import read
from regulars.records.access.keys import is_whole, key_hash
from regulars.records.members.types import Asked

ALL = frozenset({"all"})
_turns = count(1)


@pytest.fixture
def desk(database: object, request: pytest.FixtureRequest) -> Desk:
    return Desk.open(database, request.node.name)


def bits(size: int) -> bytes:
    return next(_turns).to_bytes(size, "big")


def till(**said: object) -> CreateKey:
    given: dict[str, object] = {
        "name": "Till 3", "scopes": ("activities:write",), "created_by": "ada", "may": ALL,
    }  # fmt: skip
    return CreateKey(**(given | said))  # type: ignore[arg-type]


def create(desk: Desk, *batch: CreateKey) -> list[CreateOutcome]:
    return desk.do(lambda tx: create_keys(tx, bits, batch))


def made(outcome: CreateOutcome) -> Created:
    assert isinstance(outcome, Created), outcome
    return outcome


def test_a_key_is_shown_once_and_kept_as_a_digest(desk: Desk) -> None:
    first, second = (made(one) for one in create(desk, till(), till(mode="test", name=" Web ")))
    assert first.shown.startswith("reg_live_")
    assert second.shown.startswith("reg_test_")
    assert is_whole(first.shown)
    columns = "key_hash, name, scopes, mode, created_at, created_by"
    sql = f"select {columns} from api_key where program_id = $1 order by mode"
    assert desk.rows(sql) == [
        (key_hash(first.shown), "Till 3", ["activities:write"], "live", NOON, "ada"),
        (key_hash(second.shown), "Web", ["activities:write"], "test", NOON, "ada"),
    ]
    assert {key.key_id for key in desk.do(read.keys)} == {first.key.key_id, second.key.key_id}


def test_a_key_is_found_before_its_program_is_known(desk: Desk) -> None:
    (outcome,) = create(desk, till(scopes=("members:read", "books:read")))
    outside = Desk(desk.owner_dsn, desk.app_dsn, 0)
    found = outside.do(lambda tx: read.by_digest(tx, key_hash(made(outcome).shown)))
    assert found == made(outcome).key
    assert found is not None
    assert found.program_id == desk.program_id
    assert found.scopes == {"members:read", "books:read"}
    assert found.is_open
    assert outside.do(lambda tx: read.by_digest(tx, b"\0" * 32)) is None
    assert outside.do(lambda tx: read.by_digest(tx, b"")) is None


def test_a_digest_shows_its_own_key_and_no_other(desk: Desk) -> None:
    first, _ = create(desk, till(), till())

    async def look() -> list[object]:
        connection = await asyncpg.connect(desk.app_dsn)
        try:
            async with connection.transaction():
                await connection.execute("set local regulars.program_id = '0'")
                digest = key_hash(made(first).shown).hex()
                await connection.execute(f"set local regulars.key_hash = '{digest}'")
                rows = await connection.fetch("select key_id from api_key")
                touched = await connection.execute("update api_key set scopes = '{all}'")
            return [[row["key_id"] for row in rows], touched]
        finally:
            await connection.close()

    assert asyncio.run(look()) == [[made(first).key.key_id], "UPDATE 0"]


def test_a_closed_key_stays_closed_since_the_first_time(desk: Desk) -> None:
    (outcome,) = create(desk, till())
    key = made(outcome).key
    other = Desk.open(desk, "another-shop-with-keys")
    (foreign,) = other.do(lambda tx: revoke_keys(tx, [key.key_id], HOUSE))
    assert isinstance(foreign, NotFound)
    first = desk.do(lambda tx: revoke_keys(tx, [key.key_id], HOUSE))
    desk.now = NOON.replace(year=2027)
    again = desk.do(lambda tx: revoke_keys(tx, [key.key_id], HOUSE))
    assert first == again == [Revoked(key.key_id, NOON)]
    found = desk.do(lambda tx: read.by_digest(tx, key_hash(made(outcome).shown)))
    assert found is not None
    assert not found.is_open


def test_who_made_and_closed_a_key_is_written_down_once(desk: Desk) -> None:
    staff_id = UUID(int=7)
    wishes = (
        till(
            created_by=f"staff_{staff_id.hex}",
            asked=Asked("staff", "form-1"),
            address="10.0.0.0/24",
        ),
        till(created_by="regulars key make"),
    )
    first, second = (made(one) for one in create(desk, *wishes))
    again = made(create(desk, wishes[0])[0])
    assert (again.shown, again.replayed, again.key.key_id) == ("", True, first.key.key_id)
    for _ in range(2):
        desk.do(lambda tx: revoke_keys(tx, [second.key.key_id], HOUSE))
    create(desk, till(name=""))
    acts = desk.rows(
        "select did, about_id, actor, address, after::text from staff_act where program_id = $1"
        " order by at, act_id"
    )
    told = '{"mode": "live", "scopes": ["activities:write"]}'
    assert acts == [
        ("key.made", first.key.key_id.hex, f"staff_{staff_id.hex}", "10.0.0.0/24", told),
        ("key.made", second.key.key_id.hex, "regulars key make", "", told),
        ("key.revoked", second.key.key_id.hex, "the house", "", '{"open": false}'),
    ]
    assert not any(first.shown[9:] in str(one) for one in acts)


@pytest.mark.parametrize(
    ("said", "fault", "field"),
    [
        ({"name": ""}, Invalid, "/name"),
        ({"name": "x" * 81}, Invalid, "/name"),
        ({"name": "a\x00"}, Invalid, "/name"),
        ({"scopes": ()}, Invalid, "/scopes"),
        ({"scopes": ("members:read", "members:eat")}, Invalid, "/scopes"),
        ({"may": frozenset()}, Forbidden, "/scopes"),
        ({"may": frozenset({"keys:write"})}, Forbidden, "/scopes"),
        ({"scopes": ("all",), "may": frozenset({"activities:write"})}, Forbidden, "/scopes"),
    ],
)
def test_a_wrong_wish_for_a_key_is_a_fault_of_its_own(
    desk: Desk, said: dict[str, object], fault: type[Fault], field: str
) -> None:
    wrong, right = create(desk, till(**said), till())
    assert type(wrong) is fault
    assert isinstance(wrong, Fault)
    assert wrong.field == field
    assert desk.do(read.keys) == [made(right).key]
