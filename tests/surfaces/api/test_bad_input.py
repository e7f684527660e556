"""Bad input: each a clear 4xx that names the field; nothing half-done, nothing lost."""

import json
from typing import Any, NamedTuple

import pytest
from tests.surfaces.counter import Counter, buys, coffee, problem
from tests.surfaces.words.test_warnings import SLIP

from regulars.surfaces.api.strict.cursors import cursor_of
from regulars.surfaces.api.strict.pointers import pointer_before, pointer_below

EUR = {"minor": 100, "currency": "EUR"}
USD = {"minor": 100, "currency": "USD"}


class Bad(NamedTuple):
    """A request that must be refused, and how."""

    why: str
    body: Any
    status: int
    code: str
    at: str = ""


def raw(text: str) -> bytes:
    return text.encode()


def visit(**more: Any) -> dict[str, Any]:
    return {"kind": "visit", "member": {"card": "C-1"}, **more}


def lines(**line: Any) -> dict[str, Any]:
    return {"kind": "purchase", "lines": [{"amount": EUR, **line}]}


def deep(levels: int) -> bytes:
    return raw('{"kind": "visit", "details": ' + "[" * levels + "]" * levels + "}")


BAD = [
    # unknown fields
    Bad("unknown field", visit(points=5), 400, "unknown_field", "/points"),
    Bad("unknown field of a line", lines(price=EUR), 400, "unknown_field", "/lines/0/price"),
    Bad("a column of the table", visit(program_id=2), 400, "unknown_field", "/program_id"),
    Bad("a field with a slash", visit(**{"a/b~": 1}), 400, "unknown_field", "/a~1b~0"),
    # names said twice
    Bad("kind twice", raw('{"kind": "visit", "kind": "purchase"}'), 400, "duplicate_name", "/kind"),
    Bad(
        "minor twice, deep in",
        raw('{"kind":"purchase","amount":{"minor":1,"minor":2,"currency":"EUR"}}'),
        400,
        "duplicate_name",
        "/amount/minor",
    ),
    Bad(
        "twice in other letters",
        raw('{"kind": "visit", "k\\u0069nd": "purchase"}'),
        400,
        "duplicate_name",
        "/kind",
    ),
    # not JSON
    Bad("NaN", raw('{"kind": "visit", "details": {"a": NaN}}'), 400, "malformed_json", "/details/a"),
    Bad("Infinity", raw('{"kind": "visit", "details": {"a": -Infinity}}'), 400, "malformed_json", "/details/a"),
    Bad("foreign digits", raw('{"kind":"purchase","amount":{"minor":１２}}'), 400, "malformed_json", "/amount/minor"),
    Bad("digits with _", raw('{"kind":"purchase","amount":{"minor":1_000}}'), 400, "malformed_json", "/amount/minor"),
    Bad("leading zero", raw('{"kind":"purchase","amount":{"minor":007}}'), 400, "malformed_json", "/amount/minor"),
    Bad("trailing comma", raw('{"kind": "visit",}'), 400, "malformed_json"),
    Bad("two values", raw('{"kind": "visit"} {}'), 400, "malformed_json"),
    Bad("nothing", b"", 400, "malformed_json"),
    Bad("not UTF-8", b'{"kind": "visit", "store": "\xff"}', 400, "malformed_json"),
    Bad("byte order mark", b'\xef\xbb\xbf{"kind": "visit"}', 400, "malformed_json"),
    Bad("half a character", raw('{"kind": "visit", "store": "\\ud800"}'), 400, "malformed_json"),
    Bad("U+0000", raw('{"kind": "visit", "store": "a\\u0000"}'), 400, "malformed_json", "/store"),
    Bad("U+0000 in a name", raw('{"kind":"visit","details":{"\\u0000":1}}'), 400, "malformed_json", "/details"),
    Bad("a list", [], 422, "invalid"),
    Bad("NaN in a line", raw('{"kind":"purchase","lines":[{},{"quantity":NaN}]}'), 400, "malformed_json", "/lines/1/quantity"),
    Bad("depth 33", deep(32), 400, "too_deep", "/details" + "/0" * 31),
    Bad("depth 100,000", deep(100_000), 400, "too_deep", "/details" + "/0" * 31),
    Bad("depth 32 is read", deep(31), 422, "invalid", "/details"),
    Bad("over 1 MB", raw('{"kind": "visit"' + " " * 1_000_000 + "}"), 413, "body_too_large"),
    # money and numbers
    Bad("float for money", buys("C-1", 0, amount={"minor": 9.99, "currency": "EUR"}), 422, "invalid", "/amount/minor"),
    Bad("1.0 for money", raw('{"kind":"purchase","amount":{"minor":1.0,"currency":"EUR"}}'), 422, "invalid", "/amount/minor"),
    Bad("-0.0 for money", raw('{"kind":"purchase","amount":{"minor":-0.0,"currency":"EUR"}}'), 422, "invalid", "/amount/minor"),
    Bad("-0 pieces", raw('{"kind":"purchase","lines":[{"quantity":-0}]}'), 422, "invalid", "/lines/0/quantity"),
    Bad("1e3 for money", raw('{"kind":"purchase","amount":{"minor":1e3,"currency":"EUR"}}'), 422, "invalid", "/amount/minor"),
    Bad("text for money", buys("C-1", 0, amount={"minor": "100", "currency": "EUR"}), 422, "invalid", "/amount/minor"),
    Bad("true for money", buys("C-1", 0, amount={"minor": True, "currency": "EUR"}), 422, "invalid", "/amount/minor"),
    Bad("bare money", buys("C-1", 0, amount=9.99), 422, "invalid", "/amount"),
    Bad("2^53", buys("C-1", 2**53), 422, "invalid", "/amount/minor"),
    Bad("2^63", buys("C-1", 2**63), 422, "invalid", "/amount/minor"),
    Bad("5,000 digits", raw('{"kind":"purchase","amount":{"minor":' + "9" * 5000 + ',"currency":"EUR"}}'), 422, "invalid", "/amount/minor"),
    Bad("lines beyond 2^53", {"kind": "purchase", "lines": [{"amount": {"minor": 2**53 - 1, "currency": "EUR"}}] * 2}, 422, "invalid", "/lines"),
    Bad("negative amount", buys("C-1", -1), 422, "invalid", "/amount/minor"),
    Bad("a number of 10^30 in details", visit(details={"n": 10**30}), 422, "invalid", "/details"),
    Bad("a float in details", visit(details={"n": 1.5}), 422, "invalid", "/details"),
    Bad("negative quantity", lines(quantity=-1), 422, "invalid", "/lines/0/quantity"),
    Bad("no quantity", lines(quantity=0), 422, "invalid", "/lines/0/quantity"),
    Bad("half a piece", lines(quantity=0.5), 422, "invalid", "/lines/0/quantity"),
    Bad("discount above the line", lines(discount={"minor": 101, "currency": "EUR"}), 422, "invalid", "/lines/0/discount"),
    Bad("amount against its lines", lines() | {"amount": {"minor": 99, "currency": "EUR"}}, 422, "invalid", "/amount"),
    # currencies
    Bad("another currency", {"kind": "purchase", "amount": USD}, 422, "invalid", "/amount/currency"),
    Bad("unknown currency", {"kind": "purchase", "amount": {"minor": 1, "currency": "XXX"}}, 422, "invalid", "/amount/currency"),
    Bad("small letters", {"kind": "purchase", "amount": {"minor": 1, "currency": "eur"}}, 422, "invalid", "/amount/currency"),
    Bad("mixed in lines", {"kind": "purchase", "lines": [{"amount": EUR}, {"amount": USD}]}, 422, "invalid", "/lines/1/amount/currency"),
    Bad("mixed in a discount", lines(discount=USD), 422, "invalid", "/lines/0/discount/currency"),
    Bad("mixed in payments", lines() | {"payments": [{"kind": "money", "amount": USD}]}, 422, "invalid", "/payments/0/amount/currency"),
    Bad("whose code it was", {"kind": "visit", "details": {"code_of": "x"}}, 422, "invalid", "/details/code_of"),
    Bad("a code twice", {"kind": "visit", "code": "A", "details": {"code": "B"}}, 422, "invalid", "/code"),
    Bad("mixed in shipping", lines() | {"shipping": USD}, 422, "invalid", "/shipping/currency"),
    # times
    Bad("before 1970", visit(occurred_at="1969-12-31T23:59:59Z"), 422, "invalid", "/occurred_at"),
    Bad("far ahead", visit(occurred_at="2226-03-02T12:00:00Z"), 422, "invalid", "/occurred_at"),
    Bad("year 1 with an offset", visit(occurred_at="0001-01-01T00:00:00+23:59"), 422, "invalid", "/occurred_at"),
    Bad("year 9999 with an offset", visit(occurred_at="9999-12-31T23:59:59-23:59"), 422, "invalid", "/occurred_at"),
    Bad("without an offset", visit(occurred_at="2026-03-02T12:00:00"), 422, "invalid", "/occurred_at"),
    Bad("no such day", visit(occurred_at="2026-02-30T12:00:00Z"), 422, "invalid", "/occurred_at"),
    Bad("a number of seconds", visit(occurred_at=1_770_000_000), 422, "invalid", "/occurred_at"),
    # who and what
    Bad("no kind", {"member": {"card": "C-1"}}, 422, "invalid", "/kind"),
    Bad("kind with spaces", {"kind": "a purchase"}, 422, "invalid", "/kind"),
    Bad("kind with a line's end", {"kind": "visit\n"}, 422, "invalid", "/kind"),
    Bad("two names", visit(member={"card": "C-1", "phone": "1"}), 422, "invalid", "/member"),
    Bad("no name", visit(member={}), 422, "invalid", "/member"),
    Bad("null for a name", visit(member={"card": None}), 422, "invalid", "/member/card"),
    Bad("another thing's id", visit(member={"id": "act_" + "0" * 32}), 422, "invalid", "/member/id"),
    Bad("an id in capitals", visit(member={"id": "mem_" + "A" * 32}), 422, "invalid", "/member/id"),
    Bad("nobody's id", visit(member={"id": "mem_" + "1" * 32}), 404, "unknown_member", "/member/id"),
    Bad("the id of nobody at all", visit(member={"id": "mem_" + "0" * 32}), 422, "invalid", "/member/id"),
    Bad("nobody's phone", visit(member={"phone": "030 901821"}), 404, "unknown_member", "/member/phone"),
    Bad("no phone at all", visit(member={"phone": "hello"}), 422, "invalid", "/member/phone"),
    Bad("foreign digits in a number", visit(member={"number": "１２３"}), 422, "invalid", "/member/number"),
    Bad("a purchase of nothing", {"kind": "purchase"}, 422, "invalid", "/amount"),
    Bad("a return of nothing", {"kind": "return"}, 422, "invalid", "/sale"),
    Bad("a return of two names", {"kind": "return", "sale": {"id": "act_" + "0" * 32, "external_id": "1"}}, 422, "invalid", "/sale"),
    Bad("a return of no sale", {"kind": "return", "sale": {"id": "act_" + "1" * 32}}, 404, "not_found", "/sale/id"),
    Bad("a sale that names a sale", lines() | {"sale": {"external_id": "1"}}, 422, "invalid", "/sale"),
    Bad("1,001 lines", {"kind": "purchase", "lines": [{"amount": EUR}] * 1001}, 422, "invalid", "/lines"),
    Bad("51 details", visit(details={f"d{n}": 1 for n in range(51)}), 422, "invalid", "/details"),
    Bad("a text of 201", visit(store="x" * 201), 422, "invalid", "/store"),
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.why)
def test_bad_input_is_refused_by_name_and_leaves_the_books_alone(
    counter: Counter, bad: Bad
) -> None:
    before = counter.shop.counts()
    answer = counter.post("/v1/activities", bad.body)
    assert problem(answer) == (bad.status, bad.code, bad.at)
    assert len(answer.json()["detail"]) > 15
    assert counter.shop.counts() == before


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.why)
def test_the_preview_refuses_what_recording_refuses(counter: Counter, bad: Bad) -> None:
    answer = counter.post("/v1/activities/preview", bad.body)
    assert problem(answer) == (bad.status, bad.code, bad.at)


def test_a_batch_does_the_good_ones_and_says_what_is_wrong_with_the_others(
    counter: Counter,
) -> None:
    well_formed = [bad for bad in BAD if not isinstance(bad.body, bytes)]
    sent = [bad.body for bad in well_formed]
    sent.insert(3, coffee("C-batch", cups=2))
    results = counter.post("/v1/activities/batch", {"activities": sent}).json()["results"]
    good = results.pop(3)
    assert (good["status"], good["body"]["earned"]) == (201, {"points": 7, "stamps": 2})
    for bad, result in zip(well_formed, results, strict=True):
        said = result["problem"]
        at = said.get("errors", [{}])[0].get("pointer", "")
        assert (bad.why, result["status"], said["code"], at) == (
            bad.why,
            bad.status,
            bad.code,
            bad.at,
        )


def test_batches_of_none_and_of_1001_are_refused(counter: Counter) -> None:
    for activities in ([], [visit()] * 1001):
        answer = counter.post("/v1/activities/batch", {"activities": activities})
        assert problem(answer) == (422, "invalid", "/activities")


@pytest.mark.parametrize(
    "kind",
    ["", "text/plain", "application/xml", "application/json; charset=latin-1", "application/jsonx"],
)
def test_a_body_that_is_not_said_to_be_json_is_refused(counter: Counter, kind: str) -> None:
    for path in ("/v1/activities", "/v1/activities/batch", "/v1/members"):
        answer = counter.post(path, {"kind": "visit"}, content_type=kind)
        assert problem(answer) == (415, "unsupported_media_type", "")


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON ; charset=utf-8"])
def test_json_may_be_said_in_several_ways(counter: Counter, kind: str) -> None:
    assert counter.post("/v1/activities", visit(), content_type=kind).status_code == 201


def test_more_than_was_bought_cannot_come_back(counter: Counter) -> None:
    counter.post("/v1/activities", coffee("C-back", 2, source="till", external_id="sale-1"))
    before = counter.shop.counts()
    back = {"kind": "return", "sale": {"source": "till", "external_id": "sale-1"}}
    for returned, at in (
        ([{"line": 0, "quantity": 3}], "/returned/0/quantity"),
        ([{"line": 1, "quantity": 1}], "/returned/0/line"),
        ([{"line": 0, "quantity": 2}, {"line": 0, "quantity": 1}], "/returned/1/quantity"),
    ):
        answer = counter.post("/v1/activities", {**back, "returned": returned})
        assert problem(answer) == (409, "too_much_returned", at)
    assert counter.shop.counts() == before


BODIES = [
    ("/v1/members", {"identifiers": [{"kind": "fax", "value": "1"}]}, 422, "/identifiers/0/kind"),
    ("/v1/members", {"identifiers": [{"kind": "phone", "value": "1"}]}, 422, "/identifiers/0/value"),
    ("/v1/members", {"given_name": "a\u202eb"}, 422, "/given_name"),
    ("/v1/members", {"given_name": "a", "attributes": {"Big Shoes": 1}}, 422, "/attributes"),
    ("/v1/members", {"given_name": "a", "attributes": {"n": 10**30}}, 422, "/attributes"),
    ("/v1/members", {}, 422, "/identifiers"),
    ("/v1/members", {"given_name": "a", "joined_at": "1960-01-01T00:00:00Z"}, 422, "/joined_at"),
    ("/v1/members", {"given_name": "a", "zone": "../../etc/passwd"}, 422, "/zone"),
    ("/v1/members", {"given_name": "a", "id": "mem_1"}, 400, "/id"),
    ("/v1/adjustments", {"member": {"card": "C-1"}, "wallet": "points", "units": 0, "reason": "x"}, 422, "/units"),
    ("/v1/adjustments", {"member": {"card": "C-1"}, "wallet": "gold", "units": 1, "reason": "x"}, 422, "/wallet"),
    ("/v1/adjustments", {"member": {"card": "C-1"}, "wallet": "points", "units": 1.5, "reason": "x"}, 422, "/units"),
    ("/v1/adjustments", {"member": {"card": "C-1"}, "wallet": "points", "units": 2**53, "reason": "x"}, 422, "/units"),
    ("/v1/adjustments", {"member": {"card": "C-1"}, "wallet": "points", "units": 1, "reason": ""}, 422, "/reason"),
    ("/v1/adjustments", {"member": {"card": "C-1"}, "wallet": "points", "units": 1}, 422, "/reason"),
    ("/v1/redemptions", {"member": {"card": "C-1"}}, 422, "/reward"),
    ("/v1/redemptions", {"member": {"card": "nobody"}, "reward": "free-coffee"}, 404, "/member/card"),
    ("/v1/redemptions", {"member": {"card": "C-1"}, "reward": "free-coffee", "capture": "yes"}, 422, "/capture"),
    ("/v1/api-keys", {"name": "", "scopes": ["all"]}, 422, "/name"),
    ("/v1/api-keys", {"name": "x", "scopes": []}, 422, "/scopes"),
    ("/v1/api-keys", {"name": "x", "scopes": ["root"]}, 422, "/scopes/0"),
    ("/v1/api-keys", {"name": "x", "scopes": ["all"], "mode": "prod"}, 422, "/mode"),
    ("/v1/programs/check", {}, 422, "/source"),
    ("/v1/programs/versions", {"source": "x", "effective_from": "tomorrow"}, 422, "/effective_from"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "status", "at"), BODIES)
def test_every_other_body_is_read_as_strictly(
    counter: Counter, path: str, body: Any, status: int, at: str
) -> None:
    before = counter.shop.counts()
    got, _, pointer = problem(counter.post(path, body))
    assert (got, pointer) == (status, at)
    assert counter.shop.counts() == before


PROGRAMS = {
    "unknown tag": ("rules:\n  - {id: a, on: visit, wallet: points, award: {give: luck}}", 7),
    "unknown field": ("luck: 3", 6),
    "a wallet that is not there": (
        "wallets: {points: {}}\nbudgets: [{id: b, wallet: pts, per: day, points: 5}]",
        7,
    ),
    "alias bomb": (
        "a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
        "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]",
        None,
    ),
    "a key twice": ("name: Two\n", None),
    "not YAML": ("{[", None),
    "nothing": ("", None),
}


@pytest.mark.parametrize("why", PROGRAMS)
def test_a_bad_program_file_is_refused_with_its_lines(counter: Counter, why: str) -> None:
    text, line = PROGRAMS[why]
    head = "regulars: 1\nprogram: coffee-shop\nname: X\ncurrency: EUR\nzone: Europe/Berlin\n"
    source = head + text if why != "nothing" else "#"
    answer = counter.post("/v1/programs/versions", {"source": source})
    assert problem(answer) == (422, "bad_program", "/source")
    slips = answer.json()["errors"]
    assert all(slip["line"] >= 1 and slip["column"] >= 1 for slip in slips)
    assert line is None or line in [slip["line"] for slip in slips]
    if "wallet" in why:
        assert slips[0]["detail"].startswith("budgets.b.wallet: There is no wallet")
    checked = counter.post("/v1/programs/check", {"source": source}).json()
    assert checked["ok"] is False
    assert len(checked["problems"]) == len(slips)
    assert [one["version"] for one in counter.get("/v1/programs/versions").json()["items"]] == [1]


def test_what_is_warned_of_is_told_in_the_language_asked_for(counter: Counter) -> None:
    """With its mend; a language we do not speak is English."""
    program = counter.get("/v1/programs/versions/1").json()["source"]
    slug = program.split("program: ")[1].split("\n")[0]
    source = SLIP.replace("program: slip", f"program: {slug}")
    told = {}
    for path in ("/v1/programs/check", "/v1/programs/plan"):
        for language in ("", "?language=fr", "?language=de-AT"):
            answer = counter.post(path + language, {"source": source}).json()
            (told[path, language],) = [
                (one["says"], one["mend"]) for one in answer["problems"]
                if one["where"] == "rewards.car.price.points"
            ]  # fmt: skip
        assert told[path, ""] == told[path, "?language=fr"] == (
            'nobody can ever have this much in "points"', "lower the price, or let rules give more",
        )  # fmt: skip
        assert told[path, "?language=de-AT"] == (
            'so viel kann niemand je in "points" haben',
            "senke den Preis, oder lass Regeln mehr geben",
        )


QUERIES = [
    ("limit=0", "limit"),
    ("limit=201", "limit"),
    ("limit=1e1", "limit"),
    ("limit=%EF%BC%91", "limit"),
    ("limit=5.0", "limit"),
    ("limit=1&limit=2", ""),
    ("luck=1", "luck"),
    ("cursor=abc", "cursor"),
    ("cursor=%ff", ""),
    ("cursor=" + "A" * 201, "cursor"),
    ("limit", ""),
]


@pytest.mark.parametrize(("query", "at"), QUERIES)
def test_parameters_are_read_as_strictly(counter: Counter, query: str, at: str) -> None:
    member = counter.joined(f"C-{query}"[:30].replace("%", "p"))
    for path in ("/v1/members", f"/v1/members/{member}/entries", "/v1/programs/versions"):
        status, code, pointer = problem(counter.get(f"{path}?{query}"))
        assert (status, pointer) == (400, at)
        assert code in ("bad_parameter", "bad_cursor")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/v1/benefits/water/slots?on=tomorrow", "write a day as 2026-03-02"),
        ("/v1/partners/air/statement?period=x", "write a day as 2026-03-02, or a month"),
        ("/v1/programs/current?language=e_n", "write a language as en or pt-BR"),
    ],
)
def test_what_has_a_form_of_its_own_is_not_told_to_be_a_short_name(
    counter: Counter, path: str, says: str
) -> None:
    told = counter.get(path).json()["detail"]
    assert says.lower() in told.lower(), told


@pytest.mark.parametrize(
    ("at", "place"),
    [
        ("/v1/programs/versions", (2**40,)),
        ("/v1/programs/versions", (-1,)),
        ("/v1/programs/versions", (1, 2)),
        ("/v1/partners/cars/statement?period=2027-03", (2**40,)),
        ("/v1/members", ("2026-01-01T00:00:00", "0" * 32)),
        ("/v1/cases", (10**9, "2026-01-01T00:00:00Z", "0" * 32)),
        ("/v1/cases?state=closed", ("2026-01-01T00:00:00", "0" * 32)),
        ("/v1/reference-requests", ("2026-01-01T00:00:00", "0" * 32)),
    ],
)
def test_a_cursor_that_was_tampered_with_is_refused(
    counter: Counter, at: str, place: tuple[Any, ...]
) -> None:
    joint = "&" if "?" in at else "?"
    answer = counter.get(f"{at}{joint}cursor={cursor_of(place)}")
    assert problem(answer) == (400, "bad_cursor", "cursor")


def test_a_cursor_of_another_list_is_refused(counter: Counter) -> None:
    counter.joined("C-a"), counter.joined("C-b")
    cursor = counter.get("/v1/members?limit=1").json()["next_cursor"]
    answer = counter.get(f"/v1/programs/versions?cursor={cursor}")
    assert problem(answer) == (400, "bad_cursor", "cursor")


@pytest.mark.parametrize(
    "id_", ["mem_1", "act_" + "0" * 32, "mem_" + "0" * 33, "mem_" + "G" * 32, "%00", "..%2f", "é"]
)
def test_an_address_of_nothing_is_not_found(counter: Counter, id_: str) -> None:
    for path in (f"/v1/members/{id_}", f"/v1/members/{id_}/standing", f"/v1/redemptions/{id_}"):
        status, code, _ = problem(counter.get(path))
        assert (status, code) == (404, "not_found")


def test_no_name_in_an_address_has_a_character_that_no_database_keeps(counter: Counter) -> None:
    for path in ("/v1/draws/a%00", "/v1/partners/a%00/statement", "/v1/leaderboards/a%00"):
        assert problem(counter.get(path))[:2] == (404, "not_found"), path
    assert problem(counter.post("/v1/draws/%00/announce", {}))[:2] == (404, "not_found")


def test_the_table_covers_every_kind_of_problem_a_body_can_have() -> None:
    said = {bad.code for bad in BAD}
    assert {"malformed_json", "duplicate_name", "too_deep", "unknown_field", "invalid"} <= said
    assert json.dumps(BAD[0].body)


@pytest.mark.parametrize(
    ("body", "levels", "at"),
    [
        (b'{"a": [1, {"b": []}]}', 3, "/a/1/b"),
        (b'{"a": [], "b": {"c": {}}}', 2, "/b/c"),
        (b'{"x,y:[": {"~/": [[]]}}', 3, "/x,y:[/~0~1/0"),
        (b"[[[", 2, "/0/0"),
        (b"[1, [2, [", 2, "/1/1"),
    ],
)
def test_a_pointer_leads_to_what_is_nested_too_deep(body: bytes, levels: int, at: str) -> None:
    assert pointer_below(body, levels) == at


@pytest.mark.parametrize(
    ("body", "at"),
    [
        (b'{"a": [1, {"b": ', "/a/1/b"),
        (b'{"a": 1, "b": [2, ', "/b/1"),
        (b'{"a": 1, ', ""),
        (b'{"a": {"b": 1, "c', "/a"),
        (b'{"a": 1} ', ""),
        (b'{"x,y:[": {"~/": 1', "/x,y:[/~0~1"),
        (b"", ""),
        (b"]}:,", ""),
    ],
)
def test_a_pointer_leads_to_the_field_in_which_json_breaks_off(body: bytes, at: str) -> None:
    assert pointer_before(body) == at
