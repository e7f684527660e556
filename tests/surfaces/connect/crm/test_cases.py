"""Cases of a CRM: signed, an outcome becomes an activity once, what does not fit is kept whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from tests.surfaces.connect.crm.desk import Told
from tests.surfaces.counter import Counter, problem


@pytest.fixture
def told(counter: Counter) -> Iterator[Told]:
    made = Told(counter)
    yield made
    made.ends()


def case(told: Told, number: str, name: str = "ada", **more: Any) -> dict[str, Any]:
    """A case that is closed."""
    email = f"{name}@{told.mark}.example.org"
    said = {"id": number, "closed_at": f"{told.shop.now - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
            "contact_id": f"c-{told.mark}-{number}", "email": email, "phone": None,
            "outcome": "solved", "reason": "late parcel"}  # fmt: skip
    return {"type": "case.closed", "case": said | more}


def booked(told: Told) -> list[tuple[str, str, str]]:
    """Every activity it became: kind, receipt and its outcome."""
    return told.shop.rows(_BOOKED, f"web-{told.mark}")  # type: ignore[return-value]


def test_a_closed_case_is_an_activity_once_however_often_it_is_told(told: Told) -> None:
    told.joins("ada")
    payload = case(told, "17")
    assert told.send("evt-1", payload).status_code == 202
    told.book()
    assert booked(told) == [("case-closed", "case-17", "solved")]
    assert told.send("evt-1", payload).status_code == 202  # a retry
    assert told.send("evt-2", case(told, "17", outcome="solved again")).status_code == 202
    assert told.send("evt-3", {"type": "case.opened", "case": {"id": "18"}}).status_code == 202
    told.book()
    assert booked(told) == [("case-closed", "case-17", "solved")]
    assert {state for state, *_ in told.states()} <= {"booked", "passed"}


def test_what_is_not_signed_by_the_secret_is_not_let_in(told: Told) -> None:
    body = msgspec.json.encode(case(told, "1"))
    good = told.signed("evt-1", body)
    for wrong in (
        {**good, "webhook-signature": "v1,AAAA"},
        {**good, "webhook-id": "evt-2"},
        told.signed("evt-1", body, told.shop.now - timedelta(minutes=10)),
        {"content-type": "application/json"},
    ):
        assert problem(told.post(body, wrong))[:2] == (401, "bad_signature")
    assert problem(told.post(body + b" ", good))[:2] == (401, "bad_signature")
    assert told.states() == []


def test_a_case_that_does_not_fit_is_kept_whole_with_its_field_and_runs_again_once_mended(
    told: Told,
) -> None:
    told.joins("ada")
    odd = case(told, "21", closed_at="02.03.2026 10:15")
    told.send("evt-1", odd)
    told.send("evt-2", {"type": "ticket.done", "case": {"id": "22"}})
    told.book()
    (first, second) = told.states()
    assert first == ("unfit", "unfit", "case.closed_at")
    assert second[0] == "passed"
    (row,) = told.counter.get(f"{told.place}/events?state=unfit").json()["items"]
    whole = told.counter.get(f"{told.place}/events/{row['id']}").json()
    assert msgspec.json.decode(whole["payload"]) == odd
    mended = told.mapping.replace(
        "occurred_at: case.closed_at",
        "occurred_at: {column: case.closed_at, dates: '%d.%m.%Y %H:%M'}",
    )
    assert told.counter.ask("PATCH", told.place, {"mapping": mended}).status_code == 200
    assert told.counter.post(f"{told.place}/again").status_code == 202
    told.book()
    assert booked(told) == [("case-closed", "case-21", "solved")]
    assert told.counter.post(f"{told.place}/again").status_code == 202
    told.book()
    assert len(booked(told)) == 1


def test_a_contact_with_another_id_is_found_by_address_and_one_that_is_deleted_stays_told(
    told: Told,
) -> None:
    told.joins("moved")
    told.send("evt-1", case(told, "41", "moved", contact_id="c-before"))
    told.send("evt-2", case(told, "42", "moved", contact_id="c-after-a-merge-there"))
    told.send("evt-3", {"type": "contact.deleted", "case": {"contact_id": "c-before"}})
    told.book()
    kept = [("case-closed", f"case-{number}", "solved") for number in ("41", "42")]
    assert booked(told) == kept
    assert [state for state, *_ in told.states()] == ["booked", "booked", "passed"]


def test_whose_case_it_is_nobody_knows_is_refused_and_booked_once_they_are_known(
    told: Told,
) -> None:
    told.send("evt-1", case(told, "31", "later"))
    told.book()
    assert [state for state, *_ in told.states()] == ["refused"]
    told.joins("later")
    told.counter.post(f"{told.place}/again")
    told.book()
    assert booked(told) == [("case-closed", "case-31", "solved")]


_BOOKED = """
select kind, external_id, body -> 'details' ->> 'outcome' from activity
 where program_id = $1 and source = $2 order by external_id
"""
