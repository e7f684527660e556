"""Somebody whom a device did not know without the network: they collect by what they showed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.surfaces.counter import Counter, problem
from tests.surfaces.tills.device import Device, Record, newcomer

from regulars.base.keyed import key_from
from regulars.records.access.cards.spelling import Holder, code_at, step_of
from regulars.records.members.identify import normal_or_fault
from regulars.records.members.types import Identifier
from regulars.runtime.working.senders import USE
from regulars.surfaces.till.typed import in_digits, meanings

CODE = "RG1:AGPAAAAAAAAHAAEAAAAAAAAAAAAEK3PPZQ6OLZQQ"


def bought(device: Device, typed: str, minor: int = 500, **more: Any) -> Record:
    amount = {"minor": minor, "currency": "EUR"}
    content = {"kind": "purchase", "typed": typed, "amount": amount, **more}
    return device.records("activity", content)


def with_phone(counter: Counter, phone: str, card: str = "") -> dict[str, Any]:
    names = [{"kind": "phone", "value": phone}]
    names += [{"kind": "card", "value": card}] if card else []
    sent = counter.post("/v1/members", {"identifiers": names, "given_name": "Ada"})
    assert sent.status_code == 201, sent.text
    return dict(sent.json())


def sold(counter: Counter, member: str) -> list[int]:
    rows = counter.shop.rows(
        "select amount_minor from activity where program_id = $1 and member_id = $2::uuid"
        " and kind = 'purchase' order by occurred_at, activity_id",
        member.removeprefix("mem_"),
    )
    return [row[0] for row in rows]


def test_what_was_shown_without_the_network_finds_its_member_once_it_is_told(
    counter: Counter,
) -> None:
    device = Device(counter, "Shown")
    ada = with_phone(counter, "+493055500011", "shown-card")
    records = [
        bought(device, typed, 100 + at)
        for at, typed in enumerate(
            ("030 555 000 11", "+49 (0)30 55500011", "٠٣٠ ٥٥٥٠٠٠١١", ada["number"], "shown-card")
        )
    ]
    assert device.outcomes(*records) == [("applied", "")] * 5
    assert sold(counter, ada["id"]) == [100, 101, 102, 103, 104]
    # Told again nothing happens twice.
    assert {one for one, _ in device.outcomes(*records)} <= {"applied", "duplicate"}
    assert len(sold(counter, ada["id"])) == 5


def test_twelve_digits_of_a_telephone_are_no_loyalty_number_of_somebody(counter: Counter) -> None:
    """One telephone in ten has the check digit of a number by chance: who is known decides."""
    device = Device(counter, "Twelve")
    phone = next(
        f"01512345{n:04}" for n in range(10_000)
        if isinstance(normal_or_fault("phone", f"01512345{n:04}", "DE"), Identifier)
    )  # fmt: skip
    bea = with_phone(counter, phone)
    assert device.outcomes(bought(device, phone, 300)) == [("applied", "")]
    assert sold(counter, bea["id"]) == [300]


def test_whom_nobody_knows_then_waits_and_nobody_is_made_of_it(counter: Counter) -> None:
    device = Device(counter, "Nobody")
    before = counter.shop.rows("select count(*) from member where program_id = $1")
    early = bought(device, "030 555 000 22", 700)
    assert device.outcomes(early) == [("quarantined", "unknown_member")]
    assert counter.shop.rows("select count(*) from member where program_id = $1") == before
    (one,) = [
        one for one in counter.get("/v1/till-records").json()["items"]
        if one["reason"] == "unknown_member" and one["till_id"] == device.id
    ]  # fmt: skip
    # It stands in the list of what waits; the device hears that it does.
    snapshot = counter.get("/v1/till/snapshot", key=device.token).json()
    assert snapshot["unsettled"] == [one["id"]]
    # They join elsewhere: it is theirs at the next hand-in of anybody who joins.
    names = [{"kind": "phone", "value": "030 55500022"}]
    joins = device.records("join", {"identifiers": names, "given_name": "Cy"})
    assert device.outcomes(joins) == [("applied", "")]
    found = counter.get("/v1/members?phone=%2B493055500022").json()["items"][0]["id"]
    assert sold(counter, found) == [700]
    assert counter.get("/v1/till/snapshot", key=device.token).json()["unsettled"] == []


def test_who_joined_in_the_same_hand_in_is_found_by_what_they_showed(counter: Counter) -> None:
    device = Device(counter, "Both")
    records = [bought(device, "both-card", 400), device.records("join", newcomer("both-card"))]
    assert device.outcomes(*records) == [("applied", "")] * 2


def test_a_member_and_what_was_typed_are_not_said_together(counter: Counter) -> None:
    device = Device(counter, "Either")
    both = bought(device, "x", member={"card": "y"})
    assert device.outcomes(both) == [("quarantined", "malformed")]


def test_what_a_card_shows_for_half_a_minute_is_no_card(counter: Counter) -> None:
    device = Device(counter, "Code")
    said = counter.post("/v1/members", newcomer(CODE), key=device.token)
    assert problem(said)[:2] == (422, "invalid"), said.text
    assert device.outcomes(device.records("join", newcomer(CODE)))[0][0] == "quarantined"
    assert counter.get(f"/v1/members?card={CODE}").json().get("items", []) == []
    # As another system's id it may stand: there it is no card of ours.
    assert isinstance(normal_or_fault("external", CODE, "DE"), Identifier)


def test_what_tills_recorded_of_a_shown_card_goes_to_whose_it_is(counter: Counter) -> None:
    """Devices that could not read a code offered to join with it, and took it for a card."""
    device = Device(counter, "Former")
    ada = with_phone(counter, "+493055500031")
    now = datetime.now(UTC)
    whose = Holder(counter.shop.program_id, UUID(hex=ada["id"].removeprefix("mem_")))
    code, later = (code_at(key_from(b"whatever", USE), whose, step_of(now) + n) for n in (0, 1))
    before = counter.shop.rows("select count(*) from member where program_id = $1")
    joins = device.records("join", newcomer(code))
    sale = {"kind": "purchase", "member": {"card": code},
            "amount": {"minor": 800, "currency": "EUR"}}  # fmt: skip
    told = device.hands_in(joins, device.records("activity", sale), bought(device, later, 900))
    assert [(one["outcome"], one["reason"]) for one in told] == [("applied", "")] * 3
    assert told[0]["subject"] == ada["id"]
    assert sold(counter, ada["id"]) == [800, 900]
    assert counter.shop.rows("select count(*) from member where program_id = $1") == before
    # Beside a telephone it is left out, and they are found by the telephone.
    names = [{"kind": "card", "value": code}, {"kind": "phone", "value": "030 55500032"}]
    (one,) = device.hands_in(device.records("join", newcomer(code, identifiers=names)))
    found = counter.get("/v1/members?phone=%2B493055500032").json()["items"][0]["id"]
    assert (one["outcome"], one["subject"]) == ("applied", found)
    # A code of nobody is nobody's, and no card.
    assert device.outcomes(bought(device, CODE)) == [("quarantined", "unknown_member")]
    assert device.outcomes(device.records("join", newcomer(CODE)))[0][0] == "quarantined"


def test_a_join_whose_answer_was_lost_is_the_same_join(counter: Counter) -> None:
    device = Device(counter, "Lost")
    person = newcomer("lost-card", source="till", locale="de")
    said = counter.ask(
        "POST", "/v1/members", person, key=device.token, idempotency_key="lost-answer-1"
    )
    assert said.status_code == 201, said.text
    (told,) = device.hands_in(device.records("join", person, key="lost-answer-1"))
    assert (told["outcome"], told["subject"]) == ("applied", said.json()["id"])
    # The control: under a key of its own it would be somebody else who wants the same card.
    again = device.records("join", person, key="another-key-1")
    assert device.outcomes(again) == [("quarantined", "identifier_taken")]


def test_digits_of_every_script_and_every_dash_are_digits() -> None:
    assert in_digits("٠٥٠١٢٣٤٥٦٧") == "0501234567"
    for typed in (
        "٠٥٠ ١٢٣ ٤٥٦٧",
        "050\u2013123\u20114567",
        "tel:0501234567",
        "\u202a0501234567\u202c",
    ):
        assert meanings(typed)[0].phone == "0501234567", typed
    assert meanings("१२३४५६७८९०१२")[0].number == "123456789012"
    assert meanings("\uff0b49 30 901820")[0].phone == "+4930901820"
