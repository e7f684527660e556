"""Payloads name people: they go with whoever is erased, and after a while."""

from __future__ import annotations

import pytest
from tests.surfaces.connect.inlets.sender import Sender, paid, returned
from tests.surfaces.counter import Counter, problem

from regulars.records.inlets.types import named_in


@pytest.fixture
def sender(counter: Counter) -> Sender:
    return Sender(counter)


def joined(counter: Counter, card: str, **names: str) -> str:
    said = [{"kind": kind, "value": value} for kind, value in ({"card": card} | names).items()]
    return str(counter.post("/v1/members", {"identifiers": said}).json()["id"])


def bodies(sender: Sender) -> list[bool]:
    """Whether each event still has its body, in their order."""
    inlet = sender.made["id"].removeprefix("inl_")
    return [row[0] for row in sender.shop.rows(_BODIES, inlet)]


def test_with_whom_it_names_a_payload_goes(sender: Sender, counter: Counter) -> None:
    mark, digits = sender.mark, f"{int(sender.mark, 16) % 10**6:06}"
    eve, bo = f"eve-{mark}@x.org", f"bo-{mark}@x.org"
    ada = joined(counter, f"e-1-{mark}", email=eve, phone=f"+4930901{digits}")
    joined(counter, f"e-2-{mark}", email=bo)
    payloads = [
        paid("6001", customer=f"none-1-{mark}", email=eve),  # booked for her
        paid("6002", "ten", email=f"Eve <{eve.upper()}>"),  # unfit, and names her
        paid(
            "6003", "ten", note=f"call 030 / 901 {digits[:3]} {digits[3:]}"
        ),  # unfit, by telephone
        paid("6004", "ten", note=f"call 030 / 902 {digits[:3]} {digits[3:]}"),  # somebody else
        paid("6005", customer=f"none-2-{mark}", email=bo),
    ]
    for number, payload in enumerate(payloads):
        sender.send(f"m-{number}", payload)
    sender.book()
    sender.send("m-9", paid("6009", email=eve))  # kept, and not looked at yet
    whole = counter.get(f"/v1/members/{ada}/export").json()
    assert eve in str(whole["holds"]["arrival"])
    assert counter.ask("DELETE", f"/v1/members/{ada}").status_code == 200
    assert bodies(sender) == [False, False, False, True, True, False]
    assert sender.states()[-1] == ("refused", "member_erased", "")
    assert sender.shop.rows(_SAYS, eve) == [(0,)]
    # What comes afterwards is set aside at once, and its payload is not kept.
    sender.send("m-10", paid("6010", customer="none-3", email=eve))
    sender.book()
    assert sender.states()[-1][:2] == ("refused", "member_erased")
    assert bodies(sender)[-1] is False
    answer = counter.post(f"{sender.place}/again")
    assert answer.status_code == 202
    (one,) = counter.get(f"{sender.place}/events?limit=1").json()["items"]
    again = counter.post(f"{sender.place}/events/{one['id']}/again")
    assert problem(again)[:2] == (422, "invalid")


def test_payloads_are_forgotten_and_their_ids_are_not(sender: Sender) -> None:
    sender.send("s-1", paid("6101", customer="s-1"))
    sender.send("s-2", paid("6102", "ten", customer="s-2"))
    sender.book()
    for days, left in ((31, [False, True]), (60, [False, False])):
        sender.later(days=days)
        sender.shop.run(sender.booker.sweep(sender.shop.program_id))
        assert bodies(sender) == left
    assert (
        sender.send("s-1", paid("6101", customer="s-1")).json()
        == sender.send("s-1", paid("6101", customer="s-1")).json()
    )
    sender.book()
    assert (sender.points("shop-s-1"), len(sender.states())) == (10, 2)


def test_a_return_that_came_first_goes_with_whom_its_sale_was(
    sender: Sender, counter: Counter
) -> None:
    mark = sender.mark
    member = joined(counter, f"shop-first-{mark}")
    sender.send("f-1", returned("6201", "r-6201", note="her scarf itched"))
    sender.book()
    sender.send("f-2", paid("6201", customer=f"first-{mark}"))
    sender.book()
    again = paid("6201", customer=f"first-{mark}", note="told twice")
    sender.send("f-3", again)
    sender.book()
    assert [state for state, *_ in sender.states()] == ["booked"] * 3
    whole = counter.get(f"/v1/members/{member}/export").json()
    assert "her scarf itched" in str(whole["holds"]["arrival"])
    assert counter.ask("DELETE", f"/v1/members/{member}").status_code == 200
    assert bodies(sender) == [False] * 3


def test_a_sale_that_only_looks_like_somebody_erased_is_booked(
    sender: Sender, counter: Counter
) -> None:
    mark = sender.mark
    price = str(1000 + int(mark, 16) % 9000)
    gone = joined(counter, price, email=f"na-{mark}@x.org")
    sender.send("g-1", paid("6301", price, customer=f"g-{mark}", email=f"an.na-{mark}@x.org"))
    sender.send("g-2", paid("6302", customer="g-2", email="", note=f"from na-{mark}@x.org"))
    assert counter.ask("DELETE", f"/v1/members/{gone}").status_code == 200
    sender.book()
    assert [state for state, *_ in sender.states()] == ["booked", "refused"]
    assert sender.points(f"shop-g-{mark}") == int(price)


@pytest.mark.parametrize(
    ("text", "kind", "value", "found"),
    [
        ("anna@x.org", "email", "na@x.org", False),
        ("na@x.org.uk", "email", "na@x.org", False),
        ("Na <NA@x.org>.", "email", "na@x.org", True),
        ("mailto:na@x.org, na", "email", "na@x.org", True),
        ("2026", "number", "1002026", False),
        ("4711", "card", "shop-4711", True),
        ("4711", "card", "shop4711", True),
        ("711", "card", "shop-4711", False),
        ("0176 1234-5678", "phone", "+4917612345678", True),
    ],
)
def test_a_text_names_who_is_meant_and_nobody_else(
    text: str, kind: str, value: str, found: bool
) -> None:
    assert named_in([text], [(kind, value)]) is found


_BODIES = """
select body is not null from arrival
 where program_id = $1 and inlet_id = $2::text::uuid order by arrival_id
"""
_SAYS = """
select count(*) from arrival
 where program_id = $1 and (convert_from(body, 'UTF8') ilike '%' || $2 || '%'
       or reason ilike '%' || $2 || '%')
"""
