"""Who may touch whose: every operation of the table, asked about what belongs to somebody else.

What is expected is derived, so no operation can be forgotten: what is another program's answers as
what is not there at all, word for word. A parameter of an address that is in neither list below
fails the test until somebody says which it is.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final, NamedTuple
from uuid import UUID

import httpx
import msgspec
import pytest
from msgspec.structs import replace
from tests.surfaces.api.fuzz.house import House
from tests.surfaces.api.fuzz.scenes.all import SCENES
from tests.surfaces.api.test_access import address, nothing_of
from tests.surfaces.card.pocket import signed_in
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.runtime.serving.asgi import Readable
from regulars.runtime.storage.database import Transaction
from regulars.surfaces.api.call import Operation
from regulars.surfaces.api.operations.table import OPERATIONS
from regulars.surfaces.app import build
from regulars.surfaces.signing_in import COOKIE as CARD

_PARTS = re.compile(r"\{(\w+)\}")
_ID = re.compile(r"[a-z]{3}_[0-9a-f]{32}")
PREFIXES: Final = {
    "member_id": "mem", "activity_id": "act", "redemption_id": "red", "membership_id": "mbs",
    "webhook_id": "hok", "grant_id": "tgr", "household_id": "hou", "key_id": "key", "run_id": "por",
    "claim_id": "clm", "contract_id": "con", "event_id": "evt", "entry_id": "ent", "message_id": "msg", "use_id": "use",
    "referral_id": "ref", "dispute_id": "dis", "till_id": "til", "record_id": "rec",
    "inlet_id": "inl", "arrival_id": "arr", "import_id": "imp", "code_id": "spc",
    "member_alert_id": "alt", "staff_id": "staff", "invitation_id": "inv", "post_id": "pst", "case_id": "cas", "reference_id": "rfr",
    "device_id": "dvc", "member_task_id": "tsk",
}  # fmt: skip
"""Parts of addresses that are ids."""
NAMES: Final = frozenset(
    {
        "version",
        "step",
        "tier",
        "board",
        "benefit",
        "draw",
        "partner",
        "number",
        "store",
        "name",
        "code",
        "segment",
        "campaign",
        "offer",
        "offer_choice",
        "survey",
        "club",
        "gathering",
        "lesson",
        "journey",
    }
)
"""Parts that are words of the program file or of its owner: every program has words of its own."""
MET: Final = frozenset(PREFIXES) - {"code_id", "member_task_id"}
"""Of these one is made for the victim; digits that were sent go to their member only."""
QUERIES: Final = {
    "unlink_identifier": "?kind=card&value=x",
    "quote_change": "?plan=x",
    "list_times": "?benefit=x",
    "find_at_till": "?typed=x",
}
CANARY: Final = "CANARY-of-theirs"


class Neighbours(NamedTuple):
    """Who asks, and whose things they ask about."""

    asks: Counter
    victim: House
    ids: dict[str, str]


class Unfenced(NamedTuple):
    """The same database entered as its owner, whom row-level security lets see everything."""

    owner_dsn: str
    app_dsn: str


class Unscoped(Readable):
    """A database whose reads name the victim's program: the bug of a forgotten scope."""

    victim = 0
    asks = 0

    @asynccontextmanager
    async def transaction(self, program_id: int) -> AsyncIterator[Transaction]:
        async with super().transaction(program_id) as tx:
            if program_id == self.asks:
                tx.program_id = self.victim
            yield tx


def met(house: House) -> dict[str, str]:
    """Ids of what the victim has, each in use."""
    house.meet()
    house.listens()
    found = {name: one for name, one in house.known.items() if name in PREFIXES}
    for label, scene in SCENES.items():
        if set(_PARTS.findall(label)) & MET - found.keys():
            found |= next(scene(house)).get("path", {})
    house.ask("PATCH", f"/v1/members/{found['member_id']}", given_name=CANARY)
    return {name: one for name, one in found.items() if name in PREFIXES}


@pytest.fixture(scope="module", params=["both layers", "scopes alone"])
def neighbours(request: pytest.FixtureRequest, make_database: Any) -> Iterator[Neighbours]:
    """Two programs in one database, with row-level security and without it."""
    made = make_database()
    if request.param == "scopes alone":
        made = Unfenced(made.owner_dsn, made.owner_dsn)
    victim, asks = House(made), Counter.open(made)
    yield Neighbours(asks, victim, met(victim))
    asks.close()
    victim.counter.close()


def of(operation: Operation, ids: Callable[[str], str]) -> tuple[str, Any]:
    """Where an operation is asked for these ids, and what it is told besides."""
    path = _PARTS.sub(lambda part: ids(part[1]), operation.path)
    path += QUERIES.get(operation.name, "")
    body = msgspec.to_builtins(operation.example) if operation.sent is not None else None
    if isinstance(body, dict) and "member" in body:
        body = body | {"member": {"id": ids("member_id")}}
    return path, body


def absent(name: str) -> str:
    """An id of nothing; a name nobody gave."""
    return f"{PREFIXES[name]}_{'1' * 32}" if name in PREFIXES else "nobody-has-this"


def said(answer: httpx.Response) -> tuple[int, str]:
    """An answer without the ids in it."""
    return answer.status_code, _ID.sub("…", answer.text)


def test_every_part_of_every_address_is_an_id_or_a_name() -> None:
    parts = {part for one in OPERATIONS for part in _PARTS.findall(one.path)}
    assert parts == PREFIXES.keys() | NAMES


def test_what_is_anothers_is_answered_as_if_it_were_not_there(neighbours: Neighbours) -> None:
    asks, victim, ids = neighbours
    assert ids.keys() >= MET
    before = victim.counter.shop.counts()
    asked, wrong = 0, []
    for one in OPERATIONS:
        of_body = isinstance(one.example, dict) and "member" in one.example
        if one.open is not None:
            continue  # the address of a source is its sender's: there a signature says who asks
        if not of_body and not PREFIXES.keys() & set(_PARTS.findall(one.path)):
            continue
        theirs = of(one, lambda name: ids.get(name, absent(name)))
        nobodys = of(one, absent)
        first, second = (asks.ask(one.method, *told) for told in (theirs, nobodys))
        if said(first) != said(second) or first.status_code not in (404, 409, 422):
            wrong.append((one.name, first.text[:300], second.text[:300]))
        assert CANARY not in first.text
        asked += 1
    assert (wrong, asked > 100) == ([], True)
    assert victim.counter.shop.counts() == before


@pytest.mark.parametrize("fenced", [True, False], ids=["the fence alone", "control: neither"])
def test_the_fence_holds_alone_where_a_scope_was_forgotten(
    make_database: Any, fenced: bool
) -> None:
    """Every look at things, by a server whose statements name another program than the asker's."""
    made = make_database()
    if not fenced:
        made = Unfenced(made.owner_dsn, made.owner_dsn)
    house, asks = House(made), Counter.open(made)
    ids = met(house)
    database = asks.given.database
    assert isinstance(database, Readable)
    lying = Unscoped(database.pool, database.clock, database.ids, database.ahead)
    lying.asks, lying.victim = asks.shop.program_id, house.counter.shop.program_id
    asks.get("/v1/rewards")  # the terms are known, as they are in a server at work
    app = build(replace(asks.given, database=lying))
    asks.client._transport.app = app  # type: ignore[attr-defined]
    looks = [one for one in OPERATIONS if one.method == "GET"]
    seen = []
    for one in looks:
        path, _ = of(one, lambda name: ids.get(name, absent(name)))
        text = asks.get(path).text
        here = set(_ID.findall(text)) - set(_ID.findall(path))
        if CANARY in text or here & set(ids.values()):
            seen.append(one.name)
        if len(seen) == 5 and not fenced:
            break  # enough for a control; each look compiles the program anew
    asks.close()
    house.counter.close()
    assert (seen == []) == fenced, seen


@pytest.mark.parametrize("who", ["member", "owner", "test key of nobody"])
def test_a_cookie_opens_no_operation(counter: Counter, who: str) -> None:
    headers: dict[str, str] = {}
    if who == "member":
        member = counter.joined("cookie-1")
        token = signed_in(counter, UUID(member[4:]))
        headers["cookie"] = f"{CARD}={token}"
    elif who == "owner":
        browser = Browser(counter)
        browser.sign_in(somebody(counter).email)
        headers["cookie"] = "; ".join(f"{k}={v}" for k, v in browser.http.cookies.items())
    else:
        headers["authorization"] = "Bearer reg_test_" + "a" * 39
    before = counter.shop.counts()
    answers = counter.at_once(
        [
            partial(counter.send, one.method, address(one), nothing_of(one), key="", **headers)
            for one in OPERATIONS
        ]
    )
    keyless = [one.open is not None for one in OPERATIONS]  # there a signature opens, no key
    for answer, open_ in zip(answers, keyless, strict=True):
        assert answer.status_code == (404 if open_ else 401), answer.text
    assert counter.shop.counts() == before
