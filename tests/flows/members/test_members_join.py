"""Joining: found by everything they gave, each once, never two people under one name."""

from datetime import UTC, datetime

import pytest
from tests.member_makers import NOON, Desk, by, joins, named

from regulars.base.faults import Invalid, KeyReused, Refused, UnknownMember
from regulars.base.tx import Tx
from regulars.flows.membership.join_members import JoinOutcome, join_members
from regulars.records.members import joining, read, write
from regulars.records.members.number import is_valid, with_check_digit
from regulars.records.members.types import (
    Asked,
    Identifier,
    IdentifierTaken,
    Joined,
    JoinMember,
    Member,
)

COUNTS = """
select (select count(*) from member where program_id = $1),
       (select count(*) from identifier where program_id = $1),
       (select count(*) from standing where program_id = $1),
       (select count(*) from once where program_id = $1),
       (select count(*) from outbox where program_id = $1)
"""


@pytest.fixture
def desk(database: object, request: pytest.FixtureRequest) -> Desk:
    return Desk.open(database, request.node.name)


def join(desk: Desk, *batch: JoinMember, country: str | None = "DE") -> list[JoinOutcome]:
    return desk.do(lambda tx: join_members(tx, country, batch))


def joined(outcome: JoinOutcome) -> Joined:
    assert isinstance(outcome, Joined), outcome
    return outcome


def card_seen(desk: Desk, card: str) -> Member:
    """A card that collects before we know whose it is, as the till brings it about."""

    async def see(tx: Tx) -> Member:
        (number,) = await read.free_numbers(tx, 1)
        member = joining.blank(tx.new_id(), number, tx.now)
        await tx.write(
            write.create(tx, [member], [write.Link(Identifier("card", card), member.id)])
        )
        return member

    return desk.do(see)


def test_who_joins_is_found_by_everything_they_gave(desk: Desk) -> None:
    command = JoinMember(
        identifiers=named(phone="030 901820", email="Ada@Example.org", card="C-1", external="77"),
        given_name=" Ada ",
        family_name="Lovelace",
        locale="en_gb",
        zone="Europe/London",
        attributes={"student": True, "shoe-size": 43, "milk": "oat"},
        joined_at=datetime(2025, 12, 31, 23, 0, tzinfo=UTC),
    )
    (outcome,) = join(desk, command)
    ada = joined(outcome)
    assert is_valid(ada.number)
    refs = [
        by(phone="+49 30 901820"), by(email="ada@EXAMPLE.org"), by(card="C-1"), by(external="77"),
        by(number=ada.number),
    ]  # fmt: skip
    assert desk.do(lambda tx: read.whom(tx, None, refs)) == [ada.member_id] * 5
    kept = desk.do(lambda tx: read.members(tx, [ada.member_id]))[ada.member_id]
    assert kept == Member(
        id=ada.member_id,
        number=ada.number,
        state="active",
        joined_at=datetime(2025, 12, 31, 23, 0, tzinfo=UTC),
        recorded_at=NOON,
        given_name="Ada",
        family_name="Lovelace",
        locale="en-GB",
        zone="Europe/London",
        attributes={"student": True, "shoe-size": 43, "milk": "oat"},
    )
    names = desk.do(lambda tx: read.identifiers_of(tx, [ada.member_id]))[ada.member_id]
    assert set(names) == {
        Identifier("number", ada.number), Identifier("phone", "+4930901820"),
        Identifier("email", "ada@example.org"), Identifier("card", "C-1"),
        Identifier("external", "77"),
    }  # fmt: skip
    told = "select member_id, sequence, type, payload->>'number' from outbox where program_id = $1"
    assert desk.rows(told) == [(ada.member_id, 1, "member.joined", ada.number)]
    version = "select version from standing where program_id = $1"
    assert desk.rows(version) == [(1,)]


def test_a_name_alone_is_enough_and_nothing_is_not(desk: Desk) -> None:
    walk_in, nobody = join(desk, JoinMember(given_name="Ada"), JoinMember())
    assert is_valid(joined(walk_in).number)
    assert isinstance(nobody, Invalid)
    assert nobody.field == "/identifiers"
    assert desk.rows(COUNTS) == [(1, 1, 1, 0, 1)]


def test_a_taken_name_is_a_fault_of_its_own_item_only(desk: Desk) -> None:
    join(desk, joins(phone="030 901820", email="ada@example.org"))
    first, second, third, fourth = join(
        desk,
        joins(card="C-9", phone="+49 30 901820"),
        joins(email="ADA@example.org"),
        joins(phone="+49 30 901821"),
        joins(phone="030 901821"),
    )
    assert isinstance(first, IdentifierTaken)
    assert (first.field, first.facts["kind"]) == ("/identifiers/1/value", "phone")
    assert isinstance(second, IdentifierTaken)
    assert second.field == "/identifiers/0/value"
    assert is_valid(joined(third).number)
    assert isinstance(fourth, IdentifierTaken)
    assert desk.rows(COUNTS) == [(2, 5, 2, 0, 2)]
    assert desk.do(lambda tx: read.resolve(tx, [Identifier("card", "C-9")])) == {}


def test_a_slip_is_a_fault_of_its_own_item_and_names_the_field(desk: Desk) -> None:
    outcomes = join(
        desk,
        joins(phone="112"),
        JoinMember(identifiers=(*named(card="A"), *named(email="nobody"))),
        JoinMember(given_name="A\x00"),
        JoinMember(given_name="A", attributes={"Bad Name": 1}),
        JoinMember(given_name="A", joined_at=datetime(1969, 1, 1, tzinfo=UTC)),
        joins(number="572000000002"),
        JoinMember(identifiers=tuple(Identifier("card", str(n)) for n in range(21))),
        joins(card="fine"),
    )
    fields = [outcome.field for outcome in outcomes if isinstance(outcome, Invalid)]
    assert fields == [
        "/identifiers/0/value", "/identifiers/1/value", "/given_name", "/attributes", "/joined_at",
        "/identifiers/0/value", "/identifiers",
    ]  # fmt: skip
    joined(outcomes[-1])
    assert desk.rows(COUNTS) == [(1, 2, 1, 0, 1)]


def test_a_repeated_request_gets_its_first_answer(desk: Desk) -> None:
    command = joins("k-1", phone="030 901820")
    (first,) = join(desk, command)
    desk.now = datetime(2027, 3, 2, tzinfo=UTC)
    again, in_batch = join(desk, command, command)
    assert joined(first).replayed is False
    assert again == in_batch
    assert joined(again).replayed is True
    assert joined(again).member_id == joined(first).member_id
    assert desk.rows(COUNTS) == [(1, 2, 1, 1, 1)]


def test_a_request_repeated_within_its_batch_happens_once(desk: Desk) -> None:
    first, again = join(desk, joins("k-1", card="A"), joins("k-1", card="A"))
    assert joined(first).member_id == joined(again).member_id
    assert desk.rows(COUNTS) == [(1, 2, 1, 1, 1)]


def test_a_key_used_for_something_else_is_a_fault_before_all_others(desk: Desk) -> None:
    join(desk, joins("k-1", phone="030 901820"))
    other, broken = join(desk, joins("k-1", phone="030 901821"), joins("k-1", phone="112"))
    assert isinstance(other, KeyReused)
    assert isinstance(broken, KeyReused)
    assert desk.rows(COUNTS) == [(1, 2, 1, 1, 1)]


def test_the_same_key_of_another_caller_is_another_request(desk: Desk) -> None:
    elsewhere = JoinMember(identifiers=named(card="B"), asked=Asked("web", "k-1"))
    first, second = join(desk, joins("k-1", card="A"), elsewhere)
    assert joined(first).member_id != joined(second).member_id


def test_a_file_of_members_replayed_next_year_changes_nothing(desk: Desk) -> None:
    file = [
        JoinMember(identifiers=named(external=str(n), card=f"C{n}"), source="old-system")
        for n in range(50)
    ]
    first = join(desk, *file)
    counted = desk.rows(COUNTS)
    desk.now = datetime(2027, 3, 2, tzinfo=UTC)
    again = join(desk, *file)
    assert counted == desk.rows(COUNTS) == [(50, 150, 50, 50, 50)]
    assert [joined(a).member_id for a in again] == [joined(f).member_id for f in first]


def test_who_joins_with_a_card_that_collected_becomes_its_person(desk: Desk) -> None:
    card = card_seen(desk, "C-1")
    desk.now = datetime(2026, 4, 1, tzinfo=UTC)
    (outcome,) = join(
        desk, JoinMember(identifiers=named(phone="030 901820", card="C-1"), given_name="Ada")
    )
    ada = joined(outcome)
    assert (ada.member_id, ada.number, ada.upgraded) == (card.id, card.number, True)
    kept = desk.do(lambda tx: read.members(tx, [card.id]))[card.id]
    assert (kept.state, kept.given_name, kept.joined_at) == ("active", "Ada", NOON)
    assert kept.recorded_at == NOON
    assert desk.rows("select version from standing where program_id = $1") == [(2,)]
    assert desk.rows("select sequence, payload->>'upgraded' from outbox where program_id = $1") == [
        (2, "true")
    ]
    (late,) = join(desk, joins(card="C-1", email="eve@example.org"))
    assert isinstance(late, IdentifierTaken)


def test_one_card_finds_one_person_in_a_batch(desk: Desk) -> None:
    card = card_seen(desk, "C-1")
    first, second = join(desk, joins(card="C-1", phone="030 901820"), joins(card="C-1"))
    assert joined(first).member_id == card.id
    assert isinstance(second, IdentifierTaken)


def test_two_cards_that_collected_apart_are_not_thrown_together(desk: Desk) -> None:
    card_seen(desk, "C-1")
    card_seen(desk, "C-2")
    before = desk.rows(COUNTS)
    cards = (Identifier("card", "C-1"), Identifier("card", "C-2"))
    (outcome,) = join(desk, JoinMember(identifiers=cards, given_name="Ada"))
    assert isinstance(outcome, Refused)
    assert outcome.code == "merge_needed"
    assert desk.rows(COUNTS) == before


def test_the_same_person_at_many_tills_at_once_joins_once(desk: Desk) -> None:
    async def act(tx: Tx) -> list[JoinOutcome]:
        return await join_members(
            tx, "DE", [joins(phone="030 901820"), joins(card=tx.new_number())]
        )

    outcomes = desk.together(*[act] * 8)
    persons = [one for one, _ in outcomes]
    assert sum(isinstance(one, Joined) for one in persons) == 1
    assert sum(isinstance(one, IdentifierTaken) for one in persons) == 7
    assert all(isinstance(other, Joined) for _, other in outcomes)
    assert desk.rows(COUNTS) == [(9, 18, 9, 0, 9)]


def test_a_card_upgraded_at_two_tills_at_once_has_one_person(desk: Desk) -> None:
    card_seen(desk, "C-1")

    async def act(tx: Tx) -> list[JoinOutcome]:
        return await join_members(tx, "DE", [joins(card="C-1", external=tx.new_id().hex)])

    outcomes = [outcome for (outcome,) in desk.together(*[act] * 4)]
    assert sum(isinstance(outcome, Joined) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, IdentifierTaken) for outcome in outcomes) == 3


def test_a_thousand_join_in_one_batch(desk: Desk) -> None:
    batch = [joins(f"k{n}", card=f"C{n}", external=f"E{n}") for n in range(1_000)]
    outcomes = join(desk, *batch)
    assert len({joined(outcome).number for outcome in outcomes}) == 1_000
    assert desk.rows(COUNTS) == [(1_000, 3_000, 1_000, 1_000, 1_000)]


def test_a_number_somebody_has_is_drawn_again(desk: Desk) -> None:
    first, second, third = "57200000000", "57200000001", "57200000002"
    draws = iter([first, second, second, third])

    class Drawn:
        """A transaction whose dice are loaded."""

        def __init__(self, tx: Tx) -> None:
            self.program_id, self.now, self.fetch = tx.program_id, tx.now, tx.fetch

        def new_number(self) -> str:
            return next(draws)

    async def birth(tx: Tx) -> None:
        member = joining.blank(tx.new_id(), with_check_digit(first), tx.now)
        await tx.write(write.create(tx, [member]))

    desk.do(birth)
    numbers = desk.do(lambda tx: read.free_numbers(Drawn(tx), 2))  # type: ignore[arg-type]
    assert numbers == [with_check_digit(second), with_check_digit(third)]
    assert next(draws, None) is None


def test_members_of_another_program_are_nobody_here(database: object, desk: Desk) -> None:
    (outcome,) = join(desk, joins(phone="030 901820"))
    ada = joined(outcome)
    other = Desk.open(database, "other-shop")
    refs = [by(phone="030 901820"), by(id=ada.member_id), by(number=ada.number)]
    found = other.do(lambda tx: read.whom(tx, "DE", refs))
    assert all(isinstance(one, UnknownMember) for one in found)
    assert [one.field for one in found if isinstance(one, UnknownMember)] == [
        "/member/phone", "/member/id", "/member/number",
    ]  # fmt: skip
    assert other.do(lambda tx: read.members(tx, [ada.member_id])) == {}
    joined(join(other, joins(phone="030 901820"))[0])


def test_a_list_of_members_goes_on_where_it_ended(desk: Desk) -> None:
    names = ["Ada", "Grace", "Adele", "Edith", "Ada", "Émilie"]
    day = datetime(2026, 1, 1, tzinfo=UTC)
    join(desk, *(JoinMember(given_name=n, family_name=f"Of {n}", joined_at=day) for n in names))
    seen: list[Member] = []
    page = desk.do(lambda tx: read.search(tx, limit=4))
    seen += page.members
    assert page.after is not None
    last = desk.do(lambda tx: read.search(tx, limit=4, after=page.after))
    seen += last.members
    assert last.after is None
    assert [m.given_name for m in seen] == names
    exact = desk.do(lambda tx: read.search(tx, limit=6))
    assert (len(exact.members), exact.after) == (6, None)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ad", 2),
        ("ADA", 1),
        ("love", 1),
        ("ada love", 1),
        ("%", 0),
        ("_da", 0),
        ("émi", 1),
        ("", 3),
    ],
)
def test_members_are_found_by_how_their_name_begins(desk: Desk, name: str, found: int) -> None:
    join(
        desk,
        JoinMember(given_name="Ada", family_name="Lovelace"),
        JoinMember(given_name="Adele", family_name="Goldberg"),
        JoinMember(given_name="Émilie", family_name="du Châtelet"),
    )
    assert len(desk.do(lambda tx: read.search(tx, name=name)).members) == found
    with pytest.raises(Invalid):
        desk.do(lambda tx: read.search(tx, name="\x00"))
