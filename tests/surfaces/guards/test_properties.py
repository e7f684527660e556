"""What may be said and what is shown, field by field (OWASP API3).

Every column of every table is tried as a further field of everything an operation takes; every
answer has the fields of its published shape and no other; none is named like a secret unless it is
in the list below, which says why.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec
import pytest
from msgspec import Struct, inspect
from tests.surfaces.api.fuzz.house import House
from tests.surfaces.api.test_access import address
from tests.surfaces.connect.square.test_matrix import bodies
from tests.surfaces.guards.shapes import encoded, free_map, objects, strangers, structs, with_field
from tests.surfaces.guards.test_matrix import met, of

from regulars.base.faults import Fault
from regulars.surfaces.api.call import Operation
from regulars.surfaces.api.faults import UnknownField
from regulars.surfaces.api.operations.table import OPERATIONS
from regulars.surfaces.api.strict.bodies import read_body
from regulars.surfaces.connect.square.table import SQUARE_OPERATIONS

EVERY: Final = (*OPERATIONS, *SQUARE_OPERATIONS)
TAKES: Final = tuple(one for one in EVERY if one.sent is not None)
_COLUMNS: Final = """
select distinct column_name, bool_or(data_type = 'bytea') from information_schema.columns
 where table_schema = 'public' and $1::int is not null group by 1 order by 1
"""
_SECRET: Final = re.compile(
    r"secret|token|digest|hash|password|(^|_)pin(_|$)|(^|_)kept(_|$)|salt|signature_key"
)
SHOWN_ONCE: Final = "whoever makes or renews it is shown it"
SIGNED: Final = {"list_till_records": "previous"}
"""Bytes that belong to a text as it was signed: a record names the hash of the one before."""
OF_THE_DRAW: Final = "the proof of a draw: what was promised, and after it what was kept secret"
AS_THE_VENDOR: Final = "the vendor's interface shows it, to who may change the subscription"
ANOTHER: Final = "another thing of the same name: no bytes of a table"
NO_SECRET: Final = "until when the secret before is good, not the secret"
SHOWN: Final = {
    ("DrawShown", "secret"): OF_THE_DRAW,
    ("DrawShown", "list_digest"): OF_THE_DRAW,
    ("TicketsShown", "list_digest"): OF_THE_DRAW,
    ("WebhookMade", "secret"): SHOWN_ONCE,
    ("WebhookShown", "secret_overlap_until"): NO_SECRET,
    ("InletMadeShown", "secret"): SHOWN_ONCE,
    ("InletShown", "secret_overlap_until"): NO_SECRET,
    ("DevicePaired", "token"): SHOWN_ONCE,
    ("DevicePaired", "lookup_key"): SHOWN_ONCE,
    ("SignatureKeyAnswer", "signature_key"): SHOWN_ONCE,
    ("SubscriptionShown", "signature_key"): AS_THE_VENDOR,
    ("CaseShown", "subject"): ANOTHER,
    ("InletShown", "address"): ANOTHER,
    ("CatchUpShown", "address"): ANOTHER,
    ("OutletShown", "address"): ANOTHER,
    ("KlaviyoShown", "address"): ANOTHER,
    ("FeedShown", "address"): ANOTHER,
    ("StreamShown", "address"): ANOTHER,
    ("ExtractsShown", "address"): ANOTHER,
    ("PlanShown", "kept_worth"): ANOTHER,
    ("UnsentShown", "subject"): ANOTHER,
    ("RecordResult", "subject"): ANOTHER,
    ("MemberCounted", "kept"): ANOTHER,
    ("ImportUndoShown", "kept"): ANOTHER,
    ("BatchItem", "body"): ANOTHER,
    ("Question", "answer"): ANOTHER,
    ("TextAnswered", "answer"): ANOTHER,
    ("FeedFileShown", "kept"): ANOTHER,
    ("ToldPartner", "answer"): ANOTHER,
    ("SettlementPlanShown", "address"): ANOTHER,
    ("SettledLineShown", "answer"): ANOTHER,
    ("LineAnsweredShown", "answer"): ANOTHER,
    ("StreamShown", "kept"): ANOTHER,
}
"""Fields of answers that are named like a secret, and why they may be shown."""


class Books(NamedTuple):
    """A shop with something of everything, and how its tables are made."""

    house: House
    ids: dict[str, str]
    columns: list[str]
    raw: set[str]
    """Columns that hold bytes: digests, keys, what is encrypted."""


@pytest.fixture(scope="module")
def books(database: Any) -> Iterator[Books]:
    """A shop in use."""
    house = House(database)
    rows = house.counter.shop.rows(_COLUMNS)
    ids = met(house)
    yield Books(house, ids, [name for name, _ in rows], {name for name, is_ in rows if is_})
    house.counter.close()


def example(operation: Operation) -> Any:
    """A good body."""
    if operation.example is not None:
        return msgspec.to_builtins(operation.example)
    nobody = "mem_" + "1" * 32
    return msgspec.to_builtins(bodies(nobody, "order", "payment")[operation.name])


def loose(shape: Any) -> list[str]:
    """Structs of a body that take fields nobody knows."""
    return [one.cls.__name__ for one in structs(shape) if not one.forbid_unknown_fields]


def read(operation: Operation, body: Any) -> str:
    """The field that is refused as unknown; nothing where it is taken."""
    try:
        read_body(encoded(body), msgspec.json.Decoder(operation.sent))
    except UnknownField as fault:
        return str(fault.field)
    except Fault as fault:
        return f"{fault.code} {fault.field}"
    return ""


def test_no_part_of_any_body_takes_a_field_nobody_knows() -> None:
    assert {one.name: loose(one.sent) for one in TAKES if loose(one.sent)} == {}


def test_no_column_of_any_table_can_be_said_beside_a_body(books: Books) -> None:
    """Each column at the top of each body, and in every object inside of it."""
    tried, wrong = 0, []
    for one in TAKES:
        body, shape = example(one), inspect.type_info(one.sent)
        assert read(one, body) == "", one.name
        found = list(objects(body, shape))
        for place, struct in found:
            known = {field.encode_name for field in struct.fields} | {struct.tag_field}
            step = 1 if not place else 12
            free = free_map(body, place, {there for there, _ in found})
            for name in books.columns[len(place) % step :: step]:
                if name in known:
                    continue
                steps = (*place, name) if free is None else free
                said = "".join(f"/{part}" for part in steps)
                tried += 1
                if read(one, with_field(body, place, name)) != said:
                    wrong.append((one.name, said))
    assert (wrong, tried > 50_000) == ([], True), tried


def test_a_column_beside_a_body_is_refused_by_the_server_and_changes_nothing(
    books: Books,
) -> None:
    """The same over HTTP: three columns for each operation, other ones each time."""
    counter, before = books.house.counter, books.house.counter.shop.counts()
    for number, one in enumerate(TAKES):
        body = example(one)
        path = address(one)
        known = {field.encode_name for field in next(structs(one.sent)).fields}
        for name in ("program_id", *books.columns[number % 40 :: 211]):
            if name in known:
                continue
            answer = counter.ask(one.method, path, {**body, name: 1})
            said = answer.json()["errors"][0]
            assert 400 <= answer.status_code < 500, (one.name, name, answer.text)
            assert name in said.get("pointer", said.get("field", "")), (one.name, answer.text)
    assert counter.shop.counts() == before


def test_every_answer_has_the_fields_of_its_shape_and_no_bytes_of_ours(books: Books) -> None:
    house, ids, _, raw = books
    kept = {text: name for name in raw for text in written(house, name)}
    assert len(kept) > 10
    shown, wrong = 0, []
    for one in EVERY:
        if one.method != "GET":
            continue
        path, _ = of(one, lambda name: ids.get(name, "1"))
        answer = house.counter.get(path)
        if answer.status_code != 200:
            continue
        shown += 1
        wrong += [(one.name, slip) for slip in strangers(answer.json(), one.answers[200])]
        wrong += [
            (one.name, text)
            for text, column in kept.items()
            if text in answer.text and column != SIGNED.get(one.name)
        ]
    assert (wrong, shown > 45) == ([], True), shown


def written(house: House, column: str) -> Iterator[str]:
    """The bytes of a column, as an answer would write them."""
    tables = house.counter.shop.rows(
        """select c.table_name from information_schema.columns c
             join information_schema.columns p using (table_schema, table_name)
            where c.table_schema = 'public' and c.column_name = $2 and c.data_type = 'bytea'
              and p.column_name = 'program_id' and $1::int is not null""",
        column,
    )
    for (table,) in tables:
        sql = f"select {column} from {table} where program_id = $1 and length({column}) >= 16"
        for (found,) in house.counter.shop.rows(f"{sql} limit 20"):
            yield found.hex()
            yield base64.b64encode(found).decode().rstrip("=")
            yield base64.urlsafe_b64encode(found).decode().rstrip("=")


def exposed(operations: Any, raw: frozenset[str] | set[str]) -> set[tuple[str, str]]:
    """Fields of answers that are named like a secret or like a column of bytes."""
    return {
        (struct.cls.__name__, field.encode_name)
        for operation in operations
        for shape in operation.answers.values()
        if shape is not None
        for struct in structs(shape)
        for field in struct.fields
        if _SECRET.search(field.encode_name) or field.encode_name in raw
    }


def test_nothing_named_like_a_secret_is_answered_but_what_may_be(books: Books) -> None:
    assert exposed(EVERY, books.raw) == SHOWN.keys()


def test_who_only_reads_is_shown_no_secret() -> None:
    """Per scope: what is shown once opens to no scope that reads, and is in no list."""
    once = {kind for (kind, _), why in SHOWN.items() if why in (SHOWN_ONCE, AS_THE_VENDOR)}
    tells = {one.name: kinds for one in EVERY if (kinds := _answered(one) & once)}
    assert len(tells) >= 8
    assert [(one.name, one.scopes) for one in EVERY if one.name in tells and _reads(one)] == []
    looks = {one.name for one in EVERY if one.method == "GET"}
    shown = {name for name in tells.keys() & looks if tells[name] != {"SubscriptionShown"}}
    assert shown == {"get_webhook_secret"}


def _answered(operation: Operation) -> set[str]:
    shapes = [shape for shape in operation.answers.values() if shape is not None]
    return {struct.cls.__name__ for shape in shapes for struct in structs(shape)}


def _reads(operation: Operation) -> list[str]:
    return [scope for scope in operation.scopes if scope.endswith(":read")]


class Loose(Struct):
    """A body that takes what it does not know: the planted bug."""

    name: str = ""


class Inside(Struct, forbid_unknown_fields=True):
    """A closed body with an open one in it."""

    parts: list[Loose] = []


class Telling(Struct):
    """An answer with a column that is nobody's business."""

    name: str
    password_hash: str = ""


def test_each_planted_bug_is_noticed() -> None:
    """The control of all of the above."""
    assert loose(Loose) == loose(Inside) == ["Loose"]
    (takes, *_) = [one for one in TAKES if one.name == "join_member"]
    bug = msgspec.structs.replace(takes, sent=Inside, answers={200: Telling})
    assert read(bug, {"parts": [{"name": "x", "program_id": 1}]}) == ""
    assert exposed([bug], set()) == {("Telling", "password_hash")}
    assert exposed([bug], {"name"}) == {("Telling", "password_hash"), ("Telling", "name")}
    assert strangers({"name": "x", "role": 1}, Telling) == ["(): role"]
    assert strangers({}, Telling) == ["(): no name"]
