"""More names for a member, and cards that are claimed, lost and replaced."""

from collections.abc import Awaitable, Callable

import pytest
from tests.member_makers import Desk, by, joins, named

from regulars.base.faults import Fault, Invalid, KeyReused, NotFound, Refused, UnknownMember
from regulars.base.tx import Tx
from regulars.flows.membership.join_members import join_members
from regulars.flows.membership.link_identifiers import LinkOutcome, link_identifiers
from regulars.records.members import joining, read, write
from regulars.records.members.types import (
    Asked,
    Changed,
    Identifier,
    IdentifierTaken,
    Joined,
    LinkIdentifiers,
)

TOLD = """
select sequence, payload->>'linked', payload->>'unlinked' from outbox
 where program_id = $1 and type = 'member.linked' order by outbox_id
"""


@pytest.fixture
def desk(database: object, request: pytest.FixtureRequest) -> Desk:
    return Desk.open(database, request.node.name)


def join(desk: Desk, **said: str) -> Joined:
    (outcome,) = desk.do(lambda tx: join_members(tx, "DE", [joins(**said)]))
    assert isinstance(outcome, Joined)
    return outcome


def card_seen(desk: Desk, card: str) -> None:
    async def see(tx: Tx) -> None:
        (number,) = await read.free_numbers(tx, 1)
        member = joining.blank(tx.new_id(), number, tx.now)
        await tx.write(
            write.create(tx, [member], [write.Link(Identifier("card", card), member.id)])
        )

    desk.do(see)


def link(desk: Desk, *batch: LinkIdentifiers) -> list[LinkOutcome]:
    return desk.do(lambda tx: link_identifiers(tx, "DE", batch))


def holders(desk: Desk) -> dict[str, str]:
    """Who has which name, but for numbers: the value and the holder's number."""
    sql = """
    select i.value, m.number from identifier i join member m using (program_id, member_id)
     where program_id = $1 and i.kind <> 'number'
    """
    return dict(desk.rows(sql))


def test_a_member_may_have_many_names(desk: Desk) -> None:
    ada = join(desk, phone="030 901820")
    wanted = (*named(card="C-1", email="Ada@example.org"), *named(card="C-2"))
    (outcome,) = link(desk, LinkIdentifiers(by(phone="030 901820"), link=wanted))
    assert outcome == Changed(ada.member_id, "active")
    assert holders(desk) == dict.fromkeys(
        ["+4930901820", "C-1", "C-2", "ada@example.org"], ada.number
    )
    assert desk.rows(TOLD) == [(2, '["card", "email", "card"]', "[]")]
    (again,) = link(desk, LinkIdentifiers(by(card="C-2"), link=named(card="C-1")))
    assert again == outcome
    assert len(desk.rows(TOLD)) == 1


def test_a_lost_card_is_replaced_in_one_go(desk: Desk) -> None:
    ada = join(desk, card="lost")
    command = LinkIdentifiers(
        by(card="lost"), link=named(card="found"), unlink=named(card="lost"), asked=Asked("t", "k")
    )
    assert link(desk, command) == [Changed(ada.member_id, "active")]
    assert holders(desk) == {"found": ada.number}
    assert desk.rows(TOLD) == [(2, '["card"]', '["card"]')]
    assert link(desk, command) == [Changed(ada.member_id, "active", replayed=True)]
    assert len(desk.rows(TOLD)) == 1
    join(desk, card="lost")


def test_a_card_goes_from_one_member_to_the_other_in_one_batch(desk: Desk) -> None:
    ada, eve = join(desk, card="C-1"), join(desk, phone="030 901820")
    outcomes = link(
        desk,
        LinkIdentifiers(by(id=ada.member_id), unlink=named(card="C-1")),
        LinkIdentifiers(by(id=eve.member_id), link=named(card="C-1")),
        LinkIdentifiers(by(id=ada.member_id), link=named(card="C-2")),
        LinkIdentifiers(by(id=ada.member_id), unlink=named(card="C-2")),
    )
    assert all(isinstance(outcome, Changed) for outcome in outcomes)
    assert holders(desk) == {"C-1": eve.number, "+4930901820": eve.number}


def test_a_name_of_somebody_else_is_a_fault_and_nothing_of_the_item_happens(desk: Desk) -> None:
    ada, eve = join(desk, card="A"), join(desk, card="E")
    before = holders(desk)
    outcomes = link(
        desk,
        LinkIdentifiers(by(card="A"), link=(*named(phone="030 901820"), *named(card="E"))),
        LinkIdentifiers(by(card="A"), unlink=named(card="E")),
        LinkIdentifiers(by(card="A"), unlink=named(card="nobody's")),
        LinkIdentifiers(by(card="A"), link=named(phone="112")),
        LinkIdentifiers(by(card="A"), unlink=named(number=ada.number)),
        LinkIdentifiers(by(card="nobody's"), link=named(phone="030 901820")),
    )
    assert [type(outcome) for outcome in outcomes] == [
        IdentifierTaken, NotFound, NotFound, Invalid, Invalid, UnknownMember,
    ]  # fmt: skip
    assert [outcome.field for outcome in outcomes if isinstance(outcome, Fault)] == [
        "/link/1/value", "/unlink/0/value", "/unlink/0/value", "/link/0/value", "/unlink/0/value",
        "/member/card",
    ]  # fmt: skip
    assert holders(desk) == before == {"A": ada.number, "E": eve.number}
    assert desk.rows(TOLD) == []


def test_a_card_that_collected_gets_its_person_with_a_telephone_number(desk: Desk) -> None:
    card_seen(desk, "C-1")
    (outside,) = link(desk, LinkIdentifiers(by(card="C-1"), link=named(external="77")))
    assert isinstance(outside, Changed)
    assert outside.state == "unregistered"
    (outcome,) = link(desk, LinkIdentifiers(by(card="C-1"), link=named(phone="030 901820")))
    assert outcome == Changed(outside.member_id, "active")
    assert desk.rows("select state from member where program_id = $1") == [("active",)]


def test_a_card_and_a_person_who_collected_apart_are_not_thrown_together(desk: Desk) -> None:
    card_seen(desk, "C-1")
    join(desk, phone="030 901820")
    before = holders(desk)
    outcomes = link(
        desk,
        LinkIdentifiers(by(phone="030 901820"), link=named(card="C-1")),
        LinkIdentifiers(by(card="C-1"), link=named(phone="030 901820")),
    )
    assert all(isinstance(one, Refused) and one.code == "merge_needed" for one in outcomes)
    assert all("merge" in one.says for one in outcomes if isinstance(one, Refused))
    assert holders(desk) == before
    assert desk.rows(TOLD) == []


def test_a_key_used_for_something_else_is_a_fault(desk: Desk) -> None:
    join(desk, card="A")
    asked = Asked("till", "k-1")
    link(desk, LinkIdentifiers(by(card="A"), link=named(card="B"), asked=asked))
    (other,) = link(desk, LinkIdentifiers(by(card="A"), link=named(card="C"), asked=asked))
    assert isinstance(other, KeyReused)
    assert set(holders(desk)) == {"A", "B"}


def test_one_card_wanted_by_many_at_once_goes_to_one(desk: Desk) -> None:
    members = [join(desk, external=str(n)) for n in range(6)]

    def act(place: int) -> Callable[[Tx], Awaitable[list[LinkOutcome]]]:
        async def one(tx: Tx) -> list[LinkOutcome]:
            command = LinkIdentifiers(by(external=str(place)), link=named(card="C-1"))
            return await link_identifiers(tx, "DE", [command])

        return one

    acts = [act(place) for place in range(len(members))]
    outcomes = [outcome for (outcome,) in desk.together(*acts)]
    assert sum(isinstance(one, Changed) for one in outcomes) == 1
    assert sum(isinstance(one, IdentifierTaken) for one in outcomes) == 5
