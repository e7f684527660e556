"""Payloads name people: they go with whoever is erased, and after a while."""

from __future__ import annotations

import pytest
from tests.surfaces.connect.inlets.sender import Sender, paid
from tests.surfaces.counter import Counter, problem


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


_BODIES = """
select body is not null from arrival
 where program_id = $1 and inlet_id = $2::text::uuid order by arrival_id
"""
_SAYS = """
select count(*) from arrival
 where program_id = $1 and (convert_from(body, 'UTF8') ilike '%' || $2 || '%'
       or reason ilike '%' || $2 || '%')
"""
