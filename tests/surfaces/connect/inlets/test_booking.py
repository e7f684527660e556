"""What other systems send is read by the mapping and booked whole, or kept with what is wrong."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from tests.makers import NOON
from tests.surfaces.connect.inlets.sender import MAPPING, Sender, paid, returned
from tests.surfaces.counter import Counter, problem

from regulars.flows.commands import RecordActivity
from regulars.flows.inlets import book_arrivals
from regulars.flows.inlets.book_arrivals import BookArrival, Told
from regulars.flows.recording.before.told_elsewhere import ToldBeside
from regulars.records.inlets.types import AS_TOLD, Arrival
from regulars.records.members.types import MemberRef


@pytest.fixture
def sender(counter: Counter) -> Sender:
    return Sender(counter)


def packed(id_: str, card: str, **more: Any) -> dict[str, Any]:
    lines = [
        {"sku": "mug", "pieces": 2, "each": "4.00", "less": "1.00"},
        {"sku": "tea", "pieces": 1, "each": 6},
    ]
    said = {"id": id_, "card": card, "lines": lines, "shipping": "2.00"}
    return {"type": "order.packed", "data": said | more}


def test_an_order_is_kept_then_booked_for_a_new_card(sender: Sender) -> None:
    answer = sender.send("msg-1", paid("1001", customer="c-1"))
    assert answer.status_code == 202, answer.text
    assert sender.states() == [("waiting", "", "")]
    sender.book()
    assert sender.states() == [("booked", "", "")]
    assert sender.points("shop-c-1") == 10


def test_whoever_is_known_by_the_first_name_has_it(sender: Sender, counter: Counter) -> None:
    identifiers = [{"kind": "email", "value": "ada@x.org"}, {"kind": "card", "value": "ada-1"}]
    counter.post("/v1/members", {"identifiers": identifiers})
    sender.send("msg-1", paid("1101", customer="c-2", email="ADA@x.org"))
    sender.book()
    assert (sender.points("ada-1"), sender.points("shop-c-2")) == (10, 0)


def test_one_event_may_tell_several_activities(sender: Sender) -> None:
    paid_by = [{"by": "card", "sum": "10.00"}, {"by": "gift", "sum": "5.00"}]
    sender.send("msg-1", packed("1201", "p-1", paid=paid_by))
    sender.book()
    assert sender.states() == [("booked", "", "")]
    (arrival,) = sender.counter.get(f"{sender.place}/events").json()["items"]
    whole = sender.counter.get(f"{sender.place}/events/{arrival['id']}").json()
    assert [one["first"] for one in whole["activities"]] == [True, True]
    assert whole["payload"].startswith('{"type":"order.packed"')


def test_what_is_no_purchase_is_taken_back_by_its_kind_in_either_order(sender: Sender) -> None:
    for id_, turned in (("1251", False), ("1252", True)):
        never = {"type": "order.never-packed", "data": {"id": id_, "of": "visit"}}
        events = [packed(id_, f"v-{id_}"), never]
        for number, event in enumerate(reversed(events) if turned else events):
            sender.send(f"{id_}-{number}", event)
            sender.book()
        back = sender.shop.rows(_BACK, f"web-{sender.mark}", f"never-{id_}")
        assert back == [("visit", f"visit-{id_}")], turned
    assert sender.states() == [("booked", "", "")] * 4
    sender.send("msg-2", {"type": "order.never-packed", "data": {"id": "x", "of": "A visit"}})
    sender.send("msg-3", {"type": "order.never-packed", "data": {"id": "x", "of": "visits"}})
    sender.book()
    assert sender.states()[4:] == [("unfit", "unfit", "data.of"), ("refused", "invalid", "data.of")]


def test_nothing_of_an_event_is_booked_by_half(sender: Sender) -> None:
    known, fresh = f"h-0-{sender.mark}", f"h-1-{sender.mark}"
    began = sender.points(known)
    sender.send("msg-0", packed("1300", known))
    sender.book()
    each = sender.points(known) - began
    sender.send("msg-1", packed("1301", fresh, paid=[{"by": "card", "sum": "99.00"}]))
    sender.send("msg-2", packed("1302", known))
    sender.book()
    # Its visit alone would have been good; the event beside it is booked all the same.
    assert sender.states()[1:] == [("refused", "invalid", "data.paid"), ("booked", "", "")]
    assert sender.shop.rows(_CARD, fresh) == []
    assert sender.points(known) - began == 2 * each > 0


def test_what_does_not_fit_is_kept_whole_and_run_again(sender: Sender, counter: Counter) -> None:
    for number, more in enumerate(({"total": "ten"}, {"total": "10,00"}, {"currency": "USD"})):
        sender.send(f"msg-{number}", paid(f"14{number}", customer="u-1", **more))
    sender.send("msg-x", {"type": "order.moved", "data": {"id": 1}})
    sender.book()
    fields = ["data.total", "data.total", "data.currency", "type"]
    assert sender.states() == [("unfit", "unfit", field) for field in fields]
    assert sender.points("shop-u-1") == 0
    page = counter.get(f"{sender.place}/events?state=unfit&limit=2").json()
    assert (len(page["items"]), page["has_more"]) == (2, True)
    assert "order.moved" in page["items"][0]["reason"]
    mended = sender.mapping.replace(
        "        amount: data.total", "        amount: {column: data.total, decimal: comma}"
    )
    assert counter.ask("PATCH", sender.place, {"mapping": mended}).status_code == 200
    assert counter.post(f"{sender.place}/again").status_code == 202
    sender.book()
    states = [state for state, *_ in sender.states()]
    assert states == ["unfit", "booked", "unfit", "unfit"]
    assert sender.points("shop-u-1") == 10
    one = counter.get(f"{sender.place}/events?state=booked").json()["items"][0]
    assert problem(counter.post(f"{sender.place}/events/{one['id']}/again"))[:2] == (422, "invalid")


def test_who_is_unknown_is_refused_until_they_join(sender: Sender, counter: Counter) -> None:
    counter.ask(
        "PATCH",
        sender.place,
        {"mapping": sender.mapping.replace("unknown: card", "unknown: refuse")},
    )
    sender.later(seconds=2)
    order = paid("1501", customer=None, email="late@x.org")
    sender.send("msg-1", order)
    sender.book()
    assert sender.states() == [("refused", "unknown_member", "data.email")]
    identifiers = [{"kind": "email", "value": "late@x.org"}, {"kind": "card", "value": "late-1"}]
    counter.post("/v1/members", {"identifiers": identifiers})
    (one,) = counter.get(f"{sender.place}/events").json()["items"]
    assert counter.post(f"{sender.place}/events/{one['id']}/again").status_code == 202
    sender.book()
    assert (sender.states(), sender.points("late-1")) == ([("booked", "", "")], 10)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_any_order_a_return_ends_the_same(sender: Sender, order: tuple[int, ...]) -> None:
    mark = f"16{''.join(map(str, order))}"
    events = [
        paid(mark, "30.00", customer=mark),
        returned(mark, f"r1-{mark}", lines=[{"line": 1, "pieces": 1000}]),
        returned(mark, f"r2-{mark}", lines=[{"line": 1, "pieces": 500}]),
    ]
    for place in order:
        sender.send(f"msg-{place}", events[place])
        sender.book()
    assert sender.points(f"shop-{mark}") == 15
    assert sender.states() == [("booked", "", "")] * 3


def test_paused_it_keeps_what_comes_and_deleted_nothing(sender: Sender, counter: Counter) -> None:
    counter.ask("PATCH", sender.place, {"state": "paused"})
    sender.later(seconds=2)
    sender.send("msg-1", paid("1701", customer="w-1"))
    sender.book()
    assert sender.states() == [("waiting", "", "")]
    assert counter.get(sender.place).json()["waiting"] == 1
    counter.ask("PATCH", sender.place, {"state": "active"})
    sender.book()
    assert sender.points("shop-w-1") == 10
    assert counter.ask("DELETE", sender.place).json()["state"] == "deleted"
    sender.later(seconds=2)
    assert problem(sender.send("msg-2", paid("1702")))[:2] == (404, "not_found")
    assert problem(counter.get(sender.place))[:2] == (404, "not_found")


def test_what_is_noted_is_passed_and_what_is_skipped_too(sender: Sender) -> None:
    sender.send("msg-1", {"type": "order.noted"})
    sender.book()
    assert sender.states() == [("passed", "", "")]


def test_what_was_passed_is_read_by_a_mended_mapping_and_counts_once(sender: Sender) -> None:
    counter, place = sender.counter, sender.place
    for number, days in enumerate((31, 1, 0)):
        sender.send(
            f"msg-{number}", {**paid(f"171{number}", customer="z-1"), "type": "order.noted"}
        )
        sender.book()
        sender.later(days=days)
        sender.shop.run(sender.booker.sweep(sender.shop.program_id))
    mended = sender.mapping.replace("  order.noted: {says: Nothing to book}\n", "").replace(
        "  order.paid:", '  "*":'
    )
    assert counter.ask("PATCH", place, {"mapping": mended}).status_code == 200
    since = (sender.shop.now - timedelta(hours=12)).isoformat()
    for said, counted in (({"since": since}, (1, 0)), ({}, (1, 1)), ({}, (0, 1))):
        answer = counter.post(f"{place}/again", {"states": ["passed"], **said}).json()
        assert (answer["again"], answer["forgotten"]) == counted
        sender.book()
    assert [state for state, *_ in sender.states()] == ["passed", "booked", "booked"]
    assert sender.points("shop-z-1") == 20
    first = counter.post(f"{place}/again", {"since": "0001-01-01T00:00:00+14:00"})
    assert problem(first) == (422, "invalid", "/since")
    wrong = counter.post(f"{place}/again", {"states": ["booked"]})
    assert problem(wrong)[:2] == (422, "invalid")


def test_a_payload_is_tried_without_being_booked(sender: Sender, counter: Counter) -> None:
    before = sender.shop.counts()
    told = counter.post(f"{sender.place}/try", {"payload": paid("1801", email="a@x.org")}).json()
    assert told["fits"]
    assert told["activities"][0]["activity"]["amount_minor"] == 1000
    assert told["activities"][0]["found_by"] == [{"email": "a@x.org"}, {"card": "shop-7"}]
    bad = counter.post(f"{sender.place}/try", {"payload": paid("1801", "ten")}).json()
    assert (bad["fits"], bad["field"]) == (False, "data.total")
    wrong = {"payload": {}, "mapping": MAPPING.replace("external_id", "extrenal_id")}
    answer = counter.post(f"{sender.place}/try", wrong)
    assert problem(answer)[:2] == (422, "bad_mapping")
    assert (answer.json()["errors"][0]["line"], "external_id?" in answer.text) == (9, True)
    assert sender.shop.counts() == before


def test_a_source_keeps_its_name_in_the_books(sender: Sender, counter: Counter) -> None:
    other = sender.mapping.replace(f"source: web-{sender.mark}", "source: other-shop")
    answer = counter.ask("PATCH", sender.place, {"mapping": other})
    assert problem(answer) == (422, "invalid", "/mapping")


_BACK = """
select sale.kind, sale.external_id from activity back
  join activity sale on sale.program_id = back.program_id and sale.activity_id = back.sale_id
 where back.program_id = $1 and back.source = $2 and back.external_id = $3
"""
_CARD = "select 1 from identifier where program_id = $1 and value = $2"


def test_what_is_to_be_booked_as_told_is_so_after_it_waited_once_more() -> None:
    id_ = UUID(int=7)
    arrival = Arrival(id_, id_, "order", "order 7", "", b"{}", NOON, code=AS_TOLD)
    command = RecordActivity(kind="purchase", member=MemberRef(card="a"))
    beside = ToldBeside("another one of the batch has this receipt")
    end = book_arrivals._ended(BookArrival(arrival), [(Told(command), beside)], NOON)
    assert (end.state, end.code) == ("waiting", AS_TOLD)
