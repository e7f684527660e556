"""Changes of a profile: what was said changes, what was not said stays, once."""

from collections.abc import Awaitable, Callable

import pytest
from tests.member_makers import Desk, by, joins, named

from regulars.base.faults import Fault, Invalid, KeyReused, UnknownMember
from regulars.base.tx import Tx
from regulars.flows.membership.change_members import ChangeOutcome, change_members
from regulars.flows.membership.join_members import join_members
from regulars.records.members import joining, read, write
from regulars.records.members.types import (
    Asked,
    Changed,
    ChangeMember,
    Identifier,
    JoinMember,
    Member,
)

TOLD = """
select sequence, payload->'changed' #>> '{}' from outbox
 where program_id = $1 and type = 'member.changed' order by outbox_id
"""


@pytest.fixture
def desk(database: object, request: pytest.FixtureRequest) -> Desk:
    return Desk.open(database, request.node.name)


@pytest.fixture
def ada(desk: Desk) -> Member:
    command = JoinMember(
        identifiers=named(phone="030 901820"),
        given_name="Ada",
        family_name="Lovelace",
        locale="en",
        attributes={"student": True, "milk": "oat"},
    )
    desk.do(lambda tx: join_members(tx, "DE", [command]))
    return kept(desk)


def kept(desk: Desk) -> Member:
    page = desk.do(read.search)
    return page.members[0]


def change(desk: Desk, *batch: ChangeMember) -> list[ChangeOutcome]:
    return desk.do(lambda tx: change_members(tx, "DE", batch))


def test_what_was_said_changes_and_the_rest_stays(desk: Desk, ada: Member) -> None:
    (outcome,) = change(
        desk,
        ChangeMember(
            by(phone="030 901820"),
            family_name="King",
            zone="Europe/London",
            attributes={"milk": None, "shoe-size": 43},
        ),
    )
    assert outcome == Changed(ada.id, "active")
    after = kept(desk)
    assert (after.given_name, after.family_name) == ("Ada", "King")
    assert (after.locale, after.zone) == ("en", "Europe/London")
    assert after.attributes == {"student": True, "shoe-size": 43}
    assert after.joined_at == ada.joined_at
    assert desk.rows("select version from standing where program_id = $1") == [(2,)]
    assert desk.rows(TOLD) == [(2, '["family_name", "zone", "attributes"]')]


def test_a_change_that_changes_nothing_leaves_no_trace(desk: Desk, ada: Member) -> None:
    same = ChangeMember(by(id=ada.id), given_name="Ada", attributes={"milk": "oat", "gone": None})
    assert change(desk, same) == [Changed(ada.id, "active")]
    assert desk.rows("select version from standing where program_id = $1") == [(1,)]
    assert desk.rows(TOLD) == []


def test_two_changes_in_one_batch_see_each_other(desk: Desk, ada: Member) -> None:
    change(
        desk,
        ChangeMember(by(number=ada.number), given_name="Augusta"),
        ChangeMember(by(phone="030 901820"), attributes={"milk": "soy"}),
    )
    after = kept(desk)
    assert (after.given_name, after.attributes["milk"]) == ("Augusta", "soy")
    assert [sequence for sequence, _ in desk.rows(TOLD)] == [2, 3]
    assert desk.rows("select version from standing where program_id = $1") == [(3,)]


def test_changes_at_the_same_time_are_all_kept(desk: Desk, ada: Member) -> None:
    def act(place: int) -> Callable[[Tx], Awaitable[list[ChangeOutcome]]]:
        async def one(tx: Tx) -> list[ChangeOutcome]:
            command = ChangeMember(by(phone="030 901820"), attributes={f"a{place}": place})
            return await change_members(tx, "DE", [command])

        return one

    desk.together(*(act(place) for place in range(8)))
    assert kept(desk).attributes == ada.attributes | {f"a{n}": n for n in range(8)}
    assert desk.rows("select version from standing where program_id = $1") == [(9,)]


def test_faults_stay_with_their_item_and_change_nothing(desk: Desk, ada: Member) -> None:
    many: dict[str, bool | int | str | None] = {f"a{n}": n for n in range(49)}
    outcomes = change(
        desk,
        ChangeMember(by(phone="030 901821"), given_name="Eve"),
        ChangeMember(by(phone="112"), given_name="Eve"),
        ChangeMember(by(phone="030 901820"), given_name="Eve\x00"),
        ChangeMember(by(phone="030 901820"), zone="Mars/Olympus"),
        ChangeMember(by(phone="030 901820"), attributes={"milk": 2**53}),
        ChangeMember(by(phone="030 901820"), attributes=many),
    )
    assert [type(outcome) for outcome in outcomes] == [UnknownMember, *[Invalid] * 5]
    assert [outcome.field for outcome in outcomes if isinstance(outcome, Fault)] == [
        "/member/phone", "/member/phone", "/given_name", "/zone", "/attributes/milk", "/attributes",
    ]  # fmt: skip
    assert kept(desk) == ada


def test_a_repeated_change_does_not_undo_a_later_one(desk: Desk, ada: Member) -> None:
    first = ChangeMember(by(phone="030 901820"), given_name="Augusta", asked=Asked("web", "k-1"))
    change(desk, first)
    change(desk, ChangeMember(by(phone="030 901820"), given_name="Ada"))
    (again,) = change(desk, first)
    assert again == Changed(ada.id, "active", replayed=True)
    assert kept(desk).given_name == "Ada"
    other = ChangeMember(by(phone="030 901820"), given_name="Eve", asked=Asked("web", "k-1"))
    assert isinstance(change(desk, other)[0], KeyReused)
    assert kept(desk).given_name == "Ada"


def test_a_card_that_gets_a_name_has_its_person(desk: Desk) -> None:
    async def see(tx: Tx) -> None:
        (number,) = await read.free_numbers(tx, 1)
        member = joining.blank(tx.new_id(), number, tx.now)
        await tx.write(write.create(tx, [member], [write.Link(Identifier("card", "C"), member.id)]))

    desk.do(see)
    (still,) = change(desk, ChangeMember(by(card="C"), attributes={"student": True}))
    assert isinstance(still, Changed)
    assert still.state == "unregistered"
    (named_now,) = change(desk, ChangeMember(by(card="C"), given_name="Ada"))
    assert isinstance(named_now, Changed)
    assert named_now.state == kept(desk).state == "active"


def test_a_key_of_joining_is_not_a_key_of_changing(desk: Desk) -> None:
    desk.do(lambda tx: join_members(tx, "DE", [joins("k-1", card="A")]))
    (outcome,) = change(
        desk, ChangeMember(by(card="A"), given_name="Ada", asked=Asked("till", "k-1"))
    )
    assert isinstance(outcome, Changed)
    assert outcome.replayed is False
