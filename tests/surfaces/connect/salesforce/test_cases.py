"""Cases of Salesforce: asked for in their order, a closed one is an activity, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
from tests.surfaces.connect.salesforce.force import Force
from tests.surfaces.counter import Counter

from regulars.surfaces.connect.outlets.salesforce.cases import fields_of
from regulars.surfaces.connect.outlets.salesforce.kind import SalesforceKind


@pytest.fixture
def force(counter: Counter) -> Iterator[Force]:
    made = Force(counter)
    made.org.clock = made.shop.now
    made.asks(made.shop.now)
    yield made
    made.ends()


def email(force: Force, name: str) -> str:
    force.joins(name)
    return f"{name}@{force.mark}.example.org"


def later(force: Force) -> None:
    """Time goes on, there as here."""
    force.later(minutes=6)
    force.org.clock = max(force.org.clock, force.shop.now)


def test_a_case_that_is_closed_is_an_activity_once_whatever_becomes_of_it(force: Force) -> None:
    case = force.org.case(email(force, "ada"))
    later(force)
    force.catch_up()
    assert force.booked() == []
    assert [state for state, *_ in force.states()] == ["passed"]
    force.org.closes(case)
    later(force)
    force.catch_up()
    assert force.booked() == [("case-closed", "case-00000001")]
    force.org.opens_again(case)
    later(force)
    force.catch_up()
    force.org.closes(case, "Solved again")
    later(force)
    force.catch_up()
    force.catch_up()
    assert force.booked() == [("case-closed", "case-00000001")]
    assert {state for state, *_ in force.states()} == {"passed", "booked"}


def test_many_that_changed_in_one_second_are_read_to_the_last(force: Force) -> None:
    name, at = email(force, "many"), force.shop.now + timedelta(minutes=1)
    cases = [force.org.case(name) for _ in range(23)]
    for case in cases:
        force.org.closes(case, at=at)  # one change of many rows
    force.org.batch = 5
    later(force)
    shown = force.catch_up()
    assert shown["problem"] == ""
    assert len(force.booked()) == 23
    asked = [path for _, path, _ in force.org.asked]
    assert len(asked) < 12  # and not again and again from the same second on


def test_three_days_without_an_answer_leave_no_case_out(force: Force) -> None:
    name = email(force, "gap")
    force.org.down = True
    for _ in range(6):
        force.org.closes(force.org.case(name))
        force.org.waits(hours=12)
        force.shop.now = force.org.clock
        force.catch_up()
    assert force.booked() == []
    force.org.down = False
    force.later(hours=1)
    assert force.catch_up()["problem"] == ""
    assert len(force.booked()) == 6


def test_a_back_fill_reads_from_a_day_on_and_says_how_much_is_left(force: Force) -> None:
    name = email(force, "old")
    began = force.org.clock
    for _ in range(8):
        force.org.waits(days=1)
        force.org.closes(force.org.case(name))
    force.shop.now = force.org.clock
    force.asks(began + timedelta(days=3))
    force.org.batch = 2
    shown = force.catch_up()
    assert (shown["ahead"], shown["problem"]) == (0, "")
    assert shown["since"] == f"{began + timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}"
    assert len(force.booked()) == 6


def test_a_case_that_does_not_fit_is_kept_whole_and_run_again_by_a_mended_mapping(
    force: Force,
) -> None:
    good = force.mapping
    wrong = good.replace(
        "occurred_at: ClosedDate", "occurred_at: {column: ClosedDate, dates: epoch}"
    )
    assert force.counter.ask("PATCH", force.place, {"mapping": wrong}).status_code == 200
    force.org.closes(force.org.case(email(force, "unfit")))
    later(force)
    force.catch_up()
    ((state, _, field),) = force.states()
    assert (state, field) == ("unfit", "ClosedDate")
    (row,) = force.counter.get(f"{force.place}/events").json()["items"]
    whole = force.counter.get(f"{force.place}/events/{row['id']}").json()
    assert msgspec.json.decode(whole["payload"])["CaseNumber"] == "00000001"
    assert force.counter.ask("PATCH", force.place, {"mapping": good}).status_code == 200
    assert force.counter.post(f"{force.place}/again").status_code == 202
    force.book()
    assert force.booked() == [("case-closed", "case-00000001")]


def test_only_what_the_mapping_names_is_asked_for(force: Force) -> None:
    fields = fields_of(SalesforceKind().mapping)
    assert {"Contact.Email", "ClosedDate", "Status", "SystemModstamp"} <= set(fields)
    assert "Description" not in fields
    force.org.closes(force.org.case(email(force, "few"), Description="a secret of somebody"))
    later(force)
    force.catch_up()
    bodies = force.shop.rows(
        "select convert_from(body, 'UTF8') from arrival where program_id = $1"
        " and inlet_id = $2::text::uuid",
        force.made["id"].removeprefix("inl_"),
    )
    assert len(bodies) == 1
    assert "secret" not in bodies[0][0]


def test_a_mapping_cannot_ask_for_something_else_than_fields(force: Force) -> None:
    evil = SalesforceKind().mapping.replace(
        "origin: Origin", 'origin: "Id FROM User WHERE Name > 1 OR Id"'
    )
    assert all(" " not in one for one in fields_of(evil))


DELETED = """\
        details: {outcome: Status, reason: Reason, origin: Origin}
        skip: [{column: IsDeleted, values: ["true"]}]
      - kind: {constant: case-deleted}
        external_id: {column: CaseNumber, prefix: deleted-case-}
        occurred_at: SystemModstamp
        email: Contact.Email
        skip: [{column: IsDeleted, values: ["false"]}]
"""


def test_a_case_that_is_deleted_is_told_where_the_mapping_says_so(force: Force) -> None:
    case = force.org.case(email(force, "dele"))
    force.org.closes(case)
    later(force)
    force.catch_up()
    force.org.deletes(case)
    later(force)
    force.catch_up()
    assert force.booked() == [("case-closed", "case-00000001")]
    line = "        details: {outcome: Status, reason: Reason, origin: Origin}\n"
    mapping = force.mapping.replace(line, DELETED)
    assert mapping != force.mapping
    assert force.counter.ask("PATCH", force.place, {"mapping": mapping}).status_code == 200
    force.asks(force.shop.now - timedelta(days=1))
    for _ in range(2):
        later(force)
        force.catch_up()
    told = [("case-closed", "case-00000001"), ("case-deleted", "deleted-case-00000001")]
    assert force.booked() == told
