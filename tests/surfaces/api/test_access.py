"""Who may do what: every operation with every scope, and never another program's rows."""

import asyncio
import re
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import pytest
from tests.surfaces.counter import Counter, buys, coffee, problem

from regulars.records.access.keys import make_key
from regulars.records.access.types import Scope
from regulars.surfaces.api.call import Operation
from regulars.surfaces.api.operations.table import OPERATIONS

NAMES = [one.name for one in OPERATIONS if one.open is None]
SIGNED = {"take_in_events", "take_in_text", "answer_challenge"}
"""Opened by a signature and no key: tests/surfaces/connect/inlets forges them. A challenge is a
word that is said back."""
_NOBODY = {
    "member_id": "mem_",
    "activity_id": "act_",
    "redemption_id": "red_",
    "key_id": "key_",
    "household_id": "hou_",
    "till_id": "til_",
    "record_id": "rec_",
}


def address(operation: Operation) -> str:
    """An address of this operation at which nothing is."""

    def of_nothing(found: re.Match[str]) -> str:
        return _NOBODY.get(found[1], "999") + ("1" * 32 if found[1] in _NOBODY else "")

    path = re.sub(r"\{([a-z_]+)\}", of_nothing, operation.path)
    return f"{path}?kind=card&value=x" if operation.name == "unlink_identifier" else path


def nothing_of(operation: Operation) -> Any:
    """A body that is read and does nothing."""
    return {"luck": 1} if operation.sent is not None else None


@pytest.fixture(scope="module")
def keys(counter: Counter) -> dict[Scope, str]:
    """A key of each scope, which nobody ends."""
    return {
        scope: counter.made_key(scope, at="https://shop.example" if scope == Scope.SHOP else "")
        for scope in Scope
    }


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("name", NAMES)
def test_an_operation_opens_to_its_scopes_and_to_no_other(
    counter: Counter, keys: dict[Scope, str], name: str
) -> None:
    (operation,) = [one for one in OPERATIONS if one.name == name]
    before = counter.shop.counts()
    answers = counter.at_once(
        [
            partial(
                counter.send,
                operation.method,
                address(operation),
                nothing_of(operation),
                key=key,
            )
            for key in keys.values()
        ]
    )
    for scope, answer in zip(keys, answers, strict=True):
        opened = answer.status_code not in (401, 403)
        assert opened == (scope in operation.scopes or scope == Scope.ALL), scope
        if not opened:
            assert problem(answer)[:2] == (403, "missing_scope")
            assert answer.json()["facts"]["scope"] == " or ".join(operation.scopes)
        assert answer.status_code < 500
    assert counter.shop.counts() == before


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("name", NAMES)
def test_nobody_gets_in_without_a_key(counter: Counter, name: str) -> None:
    (operation,) = [one for one in OPERATIONS if one.name == name]
    unknown = make_key("live", bytes(20)).shown
    for sent in (
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": f"Bearer {unknown}"},
        {"authorization": f"Bearer {counter.key[:-1]}"},
        {"authorization": f"Basic {counter.key}"},
        {"authorization": counter.key},
        {"authorization": "Bearer " + "x" * 4000},
    ):
        answer = counter.ask(
            operation.method, address(operation), nothing_of(operation), key="", **sent
        )
        assert problem(answer)[:2] == (401, "unauthorized")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_revoked_key_ends_within_a_second(counter: Counter) -> None:
    made = counter.post("/v1/api-keys", {"name": "lost till", "scopes": ["activities:write"]})
    key, id_ = made.json()["key"], made.json()["id"]
    assert counter.post("/v1/activities", coffee("K-1"), key=key).status_code == 201
    assert counter.ask("DELETE", f"/v1/api-keys/{id_}").status_code == 200
    assert counter.post("/v1/activities", coffee("K-1"), key=key).status_code == 401
    # Another process only learns of it by asking again.
    again = counter.post("/v1/api-keys", {"name": "other", "scopes": ["activities:write"]}).json()
    assert counter.post("/v1/activities", coffee("K-1"), key=again["key"]).status_code == 201
    counter.shop.rows(
        "update api_key set revoked_at = now() where program_id = $1 and key_id = $2 returning 1",
        again["id"].removeprefix("key_"),
    )

    async def a_second() -> None:
        await asyncio.sleep(1.0)

    counter.shop.run(a_second())
    assert counter.post("/v1/activities", coffee("K-1"), key=again["key"]).status_code == 401


def test_a_key_is_shown_once_and_opens_no_more_than_its_maker(counter: Counter) -> None:
    maker = counter.made_key("keys:write", "members:read")
    made = counter.post("/v1/api-keys", {"name": "a", "scopes": ["members:read"]}, key=maker)
    assert made.status_code == 201
    listed = counter.get("/v1/api-keys").text
    assert made.json()["key"] not in listed
    assert made.json()["id"] in listed
    more = counter.post("/v1/api-keys", {"name": "b", "scopes": ["books:read"]}, key=maker)
    assert problem(more) == (403, "forbidden", "/scopes")


class Unfenced(NamedTuple):
    """The same database entered as its owner, whom row-level security lets see everything."""

    owner_dsn: str
    app_dsn: str


@pytest.fixture(scope="module", params=["fenced", "unfenced"])
def neighbours(request: pytest.FixtureRequest, make_database: Any) -> Iterator[Any]:
    """Two programs in one database; once with row-level security, once without it."""
    made = make_database()
    if request.param == "unfenced":
        made = Unfenced(made.owner_dsn, made.owner_dsn)
    ours, theirs = Counter.open(made), Counter.open(made, "bronze-silver-gold")
    yield ours, theirs
    ours.close()
    theirs.close()


def test_nothing_of_another_program_is_seen_or_touched(
    neighbours: tuple[Counter, Counter],
) -> None:
    counter, neighbour = neighbours
    member = counter.joined("CANARY")
    receipt = {"source": "CANARY", "external_id": "1"}
    sold = counter.post("/v1/activities", buys("CANARY", 50_000, **receipt)).json()
    wish = {"member": {"id": member}, "reward": "free-coffee"}
    held = counter.post("/v1/redemptions", wish).json()
    key = counter.post("/v1/api-keys", {"name": "CANARY", "scopes": ["all"]}).json()
    before = counter.shop.counts()
    usd = {"minor": 100, "currency": "USD"}
    requests: list[tuple[str, str, Any]] = [
        ("GET", f"/v1/members/{member}", None),
        ("GET", f"/v1/members/{member}/standing", None),
        ("GET", f"/v1/members/{member}/entries", None),
        ("GET", f"/v1/members/{member}/lots", None),
        ("PATCH", f"/v1/members/{member}", {"given_name": "Eve"}),
        ("POST", f"/v1/members/{member}/identifiers", {"link": [{"kind": "card", "value": "E"}]}),
        ("DELETE", f"/v1/members/{member}/identifiers?kind=card&value=CANARY", None),
        ("GET", f"/v1/activities/{sold['id']}", None),
        ("GET", f"/v1/activities/{sold['id']}/trail", None),
        ("GET", f"/v1/redemptions/{held['id']}", None),
        ("POST", f"/v1/redemptions/{held['id']}/capture", {}),
        ("POST", f"/v1/redemptions/{held['id']}/void", {}),
        ("DELETE", f"/v1/api-keys/{key['id']}", None),
        ("POST", "/v1/activities", {"kind": "purchase", "member": {"id": member}, "amount": usd}),
        ("POST", "/v1/activities/preview", {"kind": "visit", "member": {"id": member}}),
        ("POST", "/v1/activities", {"kind": "return", "sale": {"id": sold["id"]}}),
        ("POST", "/v1/redemptions", {"member": {"id": member}, "reward": "five-off"}),
        (
            "POST",
            "/v1/adjustments",
            {"member": {"id": member}, "wallet": "points", "units": 5, "reason": "x"},
        ),
    ]
    for method, path, body in requests:
        answer = neighbour.ask(method, path, body)
        assert problem(answer)[0] == 404, (method, path, answer.text)
        assert "CANARY" not in answer.text.replace(path, "")
    for path in ("/v1/members", "/v1/api-keys", "/v1/members?card=CANARY", "/v1/programs/current"):
        assert "CANARY" not in neighbour.get(path).text
    back = {"kind": "return", "sale": {"source": "CANARY", "external_id": "1"}}
    assert neighbour.post("/v1/activities", back).json()["state"] == "waiting"
    assert counter.shop.counts() == before


def test_only_what_is_signed_opens_without_a_key() -> None:
    assert {one.name for one in OPERATIONS if one.open is not None} == SIGNED
    assert all(one.scopes for one in OPERATIONS if one.open is None)
