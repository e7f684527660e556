"""A CRM that is written to in another shape: HubSpot, by the mapping of its guide."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from tests.surfaces.connect.crm.hubspot import Hub
from tests.surfaces.counter import Counter, problem

from regulars.surfaces.connect.catching.asking import NotTold, Shop, Since
from regulars.surfaces.connect.catching.keys import ShopKeys
from regulars.surfaces.connect.inlets.mapping import MappingFault, read_mapping
from regulars.surfaces.connect.outlets.crm.answers import refusal_of_one, refusals
from regulars.surfaces.connect.outlets.crm.cases import CrmCases
from regulars.surfaces.connect.outlets.crm.kind import Crm
from regulars.surfaces.connect.outlets.crm.members import CrmMembers
from regulars.surfaces.connect.outlets.mapping import MembersMap
from regulars.surfaces.connect.outlets.records import body_of, digest_of
from regulars.surfaces.connect.outlets.telling import NotTaken, Record, Wish
from regulars.surfaces.senders.outgoing.client import Answer, Sending


@pytest.fixture(scope="module")
def hub(counter: Counter) -> Iterator[Hub]:
    made = Hub(counter)
    made.later(minutes=10)
    made.tells()
    made.asks(made.shop.now)
    yield made
    made.ends()


def test_contacts_are_told_by_their_unique_property_and_one_of_them_is_not_taken(hub: Hub) -> None:
    ada, odd = hub.joins("ada"), hub.joins("odd")
    hub.buys(ada, 2)
    shown = hub.relay()
    assert (shown["open"], shown["known"], shown["problem"]) == (1, 1, "")
    assert hub.hub.contacts[ada]["loyalty_points"] == 7
    assert hub.hub.contacts[ada]["loyalty_nps"] == ""  # how HubSpot empties a property
    (row,) = hub.counter.get(f"{hub.place}/outlet/members").json()["items"]
    assert (row["member_id"], row["code"], row["field"]) == (odd, "VALIDATION_ERROR", "email")
    hub.later(minutes=1)
    hub.hub.asked.clear()
    hub.relay()
    assert hub.hub.asked == []


def test_tickets_are_asked_for_from_a_day_on_and_each_is_booked_once(hub: Hub) -> None:
    hub.joins("tia")
    email, at = f"tia@{hub.mark}.example.org", hub.shop.now
    for second in range(9):  # seven of them in one second, which is more than two pages
        hub.hub.ticket(email, at + timedelta(seconds=1 if second < 7 else second))
    hub.hub.ticket(email, at + timedelta(seconds=30), stage="2")
    hub.hub.down = True
    for _ in range(6):
        assert hub.catch_up(hours=12)["problem"]
    hub.hub.down = False
    hub.catch_up(hours=1)
    assert hub.booked() == [f"hubspot-{100 + n}" for n in range(9)]
    assert hub.catch_up()["problem"] == ""
    hub.hub.tickets[9]["properties"]["hs_pipeline_stage"] = "4"  # closed by now
    hub.hub.tickets[9]["updatedAt"] = f"{hub.shop.now + timedelta(minutes=1):%Y-%m-%dT%H:%M:%S.5Z}"
    hub.hub.tickets[0]["updatedAt"] = hub.hub.tickets[9]["updatedAt"]  # told anew, says the same
    hub.catch_up()
    assert hub.booked() == sorted(f"hubspot-{100 + n}" for n in range(10))
    hub.hub.reversed = True
    hub.hub.ticket(email, hub.shop.now)
    assert "ask for that" in hub.catch_up(minutes=30)["problem"]
    hub.hub.reversed = False


def test_a_key_that_is_replaced_while_much_waits_loses_nothing_and_tells_nothing_twice(
    hub: Hub,
) -> None:
    known = {hub.joins(f"known{n}") for n in range(3)}
    hub.relay()
    hub.catch_up(minutes=30)
    before = len(hub.booked())
    hub.hub.token = "pat-2"  # replaced there, and here nobody knows yet
    late = {hub.joins(f"late{n}") for n in range(3)}
    hub.hub.ticket(f"late1@{hub.mark}.example.org", hub.shop.now + timedelta(seconds=5))
    hub.later(minutes=2)
    assert hub.relay()["problem"] == "it does not know this key"
    assert hub.catch_up()["problem"] == "it does not know this key"
    hub.later(days=3)
    hub.hub.asked.clear()
    hub.tells()
    hub.asks(hub.shop.now - timedelta(days=4))
    shown = hub.relay()
    assert (shown["problem"], shown["waiting"]) == ("", 0)
    told = [one["id"] for sent in hub.hub.asked for one in msgspec.json.decode(sent.body)["inputs"]]
    assert late <= set(told)
    assert len(told) == len(set(told))
    assert not known & set(told)
    assert hub.catch_up()["problem"] == ""
    assert len(hub.booked()) == before + 1


def test_a_source_that_does_not_say_how_is_not_asked(counter: Counter) -> None:
    answer = counter.post("/v1/inlets", {"name": "CRM", "kind": "crm", "mapping": Crm().mapping})
    place = f"/v1/inlets/{answer.json()['id']}"
    wish = {"address": "https://crm.example.org", "key": "t", "since": "2026-01-01T00:00:00Z"}
    assert problem(counter.ask("PUT", f"{place}/catch-up", wish)) == (422, "invalid", "/mapping")
    counter.ask("DELETE", place)


BY = MembersMap(key="id", fields={"id": "member", "a.b": "points", "mail": "email"}, at_once=1)
RECORD = Record(UUID(int=1), "mem_1", 1, {"id": "mem_1", "a.b": 7, "mail": None})


def by(**more: object) -> MembersMap:
    return msgspec.structs.replace(BY, **more)  # type: ignore[arg-type]


def test_records_are_written_where_the_mapping_wants_them() -> None:
    """Dynamics: a place of its own for each. Zoho: something beside the list. Pipedrive: steps."""
    assert body_of([RECORD], BY) == b'{"members":[{"a.b":7,"id":"mem_1","mail":null}]}'
    assert body_of([RECORD], by(list="")) == b'{"a.b":7,"id":"mem_1","mail":null}'
    zoho = by(list="data", around={"duplicate_check_fields": ("id",)}, empty="")
    assert body_of([RECORD], zoho) == (
        b'{"data":[{"a.b":7,"id":"mem_1","mail":""}],"duplicate_check_fields":["id"]}'
    )
    steps = by(list="", dotted=True, within="record", beside={"record.type": {"constant": "x"}})
    steps = msgspec.convert(msgspec.to_builtins(steps), MembersMap)
    assert msgspec.json.decode(body_of([RECORD], steps)) == {
        "record": {"a": {"b": 7}, "id": "mem_1", "mail": None, "type": "x"}
    }


def test_a_mapping_that_says_nothing_new_compares_members_as_it_always_did() -> None:
    before = UUID("c62165b1-2761-8442-104d-e52c1e3b21d6")
    assert digest_of(RECORD, BY, "https://a.example") == before
    for more in ({"within": "p"}, {"method": "PUT"}, {"dotted": True}, {"empty": ""}):
        assert digest_of(RECORD, by(**more), "https://a.example") != before, more


def test_each_goes_to_a_place_of_its_own_with_the_key_in_its_own_header() -> None:
    asked: list[Sending] = []

    async def send(sending: Sending) -> Answer:
        asked.append(sending)
        return Answer(404 if sending.method == "GET" else 204, {}, b"")

    header = {"name": "x-api-token", "prefix": ""}
    said = msgspec.to_builtins(by(list="", method="PATCH", path="contacts(member='{key}')"))
    one = msgspec.convert(said | {"header": header}, MembersMap)
    shop = Shop("https://a.example/api/", ShopKeys("secret", ""))
    wish = Wish(one, [RECORD], None)  # type: ignore[arg-type]
    asyncio.run(CrmMembers().tell(send, shop, wish))
    asyncio.run(CrmMembers().greet(send, shop, wish))
    told, greeted = asked
    assert (told.method, told.url) == ("PATCH", "https://a.example/api/contacts(member='mem_1')")
    assert ("x-api-token", "secret") in told.headers
    assert (greeted.method, "regulars-greeting" in greeted.url) == ("GET", True)


def test_what_it_says_of_records_is_found_where_the_mapping_says() -> None:
    two = [RECORD, Record(UUID(int=2), "mem_2", 1, {})]
    zoho = msgspec.convert(
        msgspec.to_builtins(BY) | {"refused": {
            "list": "data", "key": "", "field": "details.api_name", "but": ["SUCCESS"],
        }}, MembersMap,
    )  # fmt: skip
    rows = b'{"data":[{"code":"SUCCESS"},{"code":"INVALID","details":{"api_name":"mail"}}]}'
    first, second = refusals(Answer(200, {}, rows), zoho, two)
    assert first is None
    assert second is not None
    assert (second.code, second.field) == ("INVALID", "mail")
    with pytest.raises(NotTaken):  # one of two it says nothing of
        refusals(Answer(200, {}, b'{"data":[{"code":"SUCCESS"}]}'), zoho, two)
    stray = msgspec.convert(msgspec.to_builtins(BY) | {"refused": {"list": "errors"}}, MembersMap)
    with pytest.raises(NotTaken):  # about nobody we know: no one counts as told
        refusals(Answer(207, {}, b'{"errors":[{"code":"ODD"}]}'), stray, two)
    said = b'{"code":"ODD","field":"the value of \\"mail\\" is none"}'
    assert refusal_of_one(Answer(400, {}, said), stray) == ("ODD", "mail")
    assert refusals(Answer(200, {}, b"no json"), BY, two) == [None, None]


FIRST = "0001-01-01T00:00:00+05:00"
"""A moment of which there is none in UTC."""


def test_a_key_goes_to_no_other_address_whatever_an_answer_says() -> None:
    mapping = Crm().mapping + "cases: {path: cases, since: from, changed: at, next: next}\n"
    onward = ""
    asked: list[str] = []

    async def send(sending: Sending) -> Answer:
        asked.append(sending.url)
        page = [{"id": len(asked), "at": "2026-03-02T12:00:00Z", "first": FIRST}]
        said = {"list": page, "next": onward if len(asked) < 3 else None}
        return Answer(200, {}, msgspec.json.encode(said))

    text = mapping.replace("since: from", "since: from, list: list")
    since = Since(datetime(2026, 3, 2, 12, tzinfo=UTC))
    shop = Shop("https://a.example/api", ShopKeys("secret", ""))
    said = ["https://evil.example/cases", "//evil.example/cases", "cases?page=2"]
    for onward in said:  # noqa: B007 - the answer names it
        asked.clear()
        with pytest.raises(NotTold, match="another address"):
            asyncio.run(CrmCases(text).page(send, shop, since))
        assert len(asked) == 1
    onward = "//["
    with pytest.raises(NotTold, match="no address"):
        asyncio.run(CrmCases(text).page(send, shop, since))
    text = text.replace("changed: at", "changed: first").replace("next: next", "next: none")
    with pytest.raises(NotTold, match="a case without first"):
        asyncio.run(CrmCases(text).page(send, shop, since))
    text = text.replace("changed: first", "changed: at").replace("next: none", "next: next")
    asked.clear()
    onward = "https://a.example/api/cases?page=2"
    page = asyncio.run(CrmCases(text).page(send, shop, since))
    assert asked[1:] == [onward, onward]
    assert (len(page.events), page.answered.full) == (3, False)


WRONG = {
    "members: {key: id, fields: {id: member}, header: {name: Host}}": "members.header.name",
    "members: {key: id, fields: {id: member}, header: {prefix: 'Bärer '}}": "members.header.prefix",
    "members: {key: id, fields: {id: member}, list: ''}": "members.at_once",
    "members: {key: id, fields: {id: member}, path: 'a/{key}'}": "members.at_once",
    "members: {key: id, fields: {id: member}, path: 'a?b'}": "members.path",
    "members: {key: id, fields: {id: member}, beside: {mail: email}}": "members.beside.mail",
    "members: {key: id, fields: {id: member, id.x: email}, dotted: true}": "members.fields.id.x",
    "members: {key: id, fields: {id: member}, dotted: true, beside: {id: member}}": "members.beside.id",
    "members: {key: id, fields: {id: member}, around: {members: 1}}": "members.around.members",
    "cases: {path: ../x, since: s, changed: c}": "cases.path",
    "cases: {path: x, since: s, changed: c, after: a}": "cases.after",
    "cases: {path: x, since: s, changed: c, asks: {a: [1]}}": "cases.asks.a",
}  # fmt: skip


def test_a_mapping_that_could_not_be_told_by_names_the_field() -> None:
    head = 'mapping: a\ntitle: A\nsource: a\nevents: {"*": {says: Nothing}}\n'
    for said, at in WRONG.items():
        with pytest.raises(MappingFault) as fault:
            read_mapping(f"{head}{said}\n")
        assert at in [one.path for one in fault.value.problems], said
