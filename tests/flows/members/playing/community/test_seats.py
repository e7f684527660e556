"""Seats at gatherings: never more than there are, the first first, and who came counts once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.flows.members.playing.community.meeting import (
    SOURCE,
    club,
    comes,
    events,
    gives_up,
    joins,
    plan,
    points,
    states,
    takes,
)
from tests.makers import Made, Shop, buys, by

from regulars.flows.community.commands import GiveUpSeat, TakeSeat
from regulars.flows.community.seats.tell_moved_up import tell_called_off, tell_moved_up
from regulars.flows.community.take_seats import give_up_seats, take_seats
from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import BlockMember, Merged, MergeMembers
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.merge_members import merge_members
from regulars.records.members.types import Erased, EraseMember


@pytest.fixture(scope="module")
def shop(database: Made) -> Iterator[Shop]:
    made = Shop.open(database, SOURCE)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def later(shop: Shop) -> None:
    """Each test plans for days of its own."""
    shop.now += timedelta(days=10)


def test_whoever_waits_longest_moves_up_and_is_told_once(shop: Shop) -> None:
    plan(shop, "tasting", seats=2)
    shop.joined("a1", "a2", "a3", "a4")
    told = [takes(shop, name, "tasting") for name in ("a1", "a2", "a3", "a4")]
    assert [(one.state, one.ahead) for one in told] == [
        ("held", 0), ("held", 0), ("waiting", 0), ("waiting", 1),
    ]  # fmt: skip
    assert takes(shop, "a3", "tasting").state == "waiting", "asked again, nobody goes back"
    assert gives_up(shop, "a1", "tasting").state == "given_up"
    assert states(shop, "tasting") == {
        "a1": "given_up", "a2": "held", "a3": "held", "a4": "waiting",
    }  # fmt: skip
    assert takes(shop, "a1", "tasting").state == "waiting", "who gave it up is behind again"
    assert list(states(shop, "tasting")) == ["a2", "a3", "a4", "a1"]
    assert ("a3", "seat.held") not in events(shop, "seat.")
    assert [shop.do(tell_moved_up) for _ in range(2)] == [1, 0]
    assert events(shop, "seat.").count(("a3", "seat.held")) == 1


def test_whoever_is_blocked_is_passed_over_and_keeps_their_place(shop: Shop) -> None:
    plan(shop, "blocked", 1)
    for name in ("a1", "a2", "a3"):
        takes(shop, name, "blocked")
    shop.ask(block_members, BlockMember(by(external="a2"), True, "fraud", "mia"))
    gives_up(shop, "a1", "blocked")
    assert states(shop, "blocked") == {"a1": "given_up", "a2": "waiting", "a3": "held"}
    shop.ask(block_members, BlockMember(by(external="a2"), False, "a mistake", "mia"))
    gives_up(shop, "a3", "blocked")
    assert states(shop, "blocked")["a2"] == "held"


def test_who_was_passed_over_has_the_free_seat_once_they_are_let_go(shop: Shop) -> None:
    plan(shop, "let-go", 1)
    shop.joined("lea", "leo")
    for name in ("lea", "leo"):
        takes(shop, name, "let-go")
    shop.ask(block_members, BlockMember(by(external="leo"), True, "fraud", "mia"))
    gives_up(shop, "lea", "let-go")
    assert states(shop, "let-go")["leo"] == "waiting"
    shop.ask(block_members, BlockMember(by(external="leo"), False, "a mistake", "mia"))
    assert states(shop, "let-go")["leo"] == "held"


def test_of_many_at_once_as_many_as_there_are_seats_have_one(shop: Shop) -> None:
    """Twenty ask and six give up at the same time, each in a transaction of its own."""
    plan(shop, "concert", seats=5)
    names = [f"m{n}" for n in range(20)]
    shop.joined(*names)

    def asks(name: str) -> Any:
        return lambda tx, terms: take_seats(tx, terms, [TakeSeat(by(external=name), "concert")])

    def leaves(name: str) -> Any:
        wish = [GiveUpSeat(by(external=name), "concert")]
        return lambda tx, terms: give_up_seats(tx, terms, wish)

    for first in range(0, 20, 5):
        shop.together(*[asks(name) for name in names[first : first + 5]])
    found = states(shop, "concert")
    assert list(found.values()) == ["held"] * 5 + ["waiting"] * 15
    going = [*list(found)[:3], *list(found)[6:8]]
    shop.together(*[leaves(name) for name in going])
    after = states(shop, "concert")
    stays = [name for name in found if name not in going]
    assert [name for name in after if after[name] == "held"] == stays[:5]
    assert [name for name in after if after[name] == "waiting"] == stays[5:]


def test_who_came_is_counted_once_and_rewarded_once(shop: Shop) -> None:
    made = plan(shop, "class", seats=1)
    shop.joined("b1", "b2")
    takes(shop, "b1", "class")
    takes(shop, "b2", "class")
    assert comes(shop, "b1", "class").code == "gathering_not_now"
    shop.now = made.begins_at
    told = [comes(shop, "b1", "class") for _ in range(2)]
    assert told[0].came_at == told[1].came_at == shop.now
    assert points(shop, "b1") == 25
    assert comes(shop, "b2", "class").code == "no_seat"
    assert points(shop, "b2") == 0
    assert events(shop, "seat.used") == [("b1", "seat.used")]
    assert gives_up(shop, "b1", "class").code == "came_already"


def test_who_stands_at_the_door_takes_a_seat_that_is_free(shop: Shop) -> None:
    made = plan(shop, "open-day", seats=1)
    shop.joined("c1", "c2")
    shop.now = made.begins_at + timedelta(minutes=5)
    assert takes(shop, "c1", "open-day").code == "gathering_begun"
    assert comes(shop, "c1", "open-day").state == "held"
    assert comes(shop, "c2", "open-day").code == "no_seat"


def test_who_stands_high_asks_earlier(shop: Shop) -> None:
    opens = shop.now + timedelta(days=1)
    early = {"opens_at": opens, "early_at": opens - timedelta(hours=6), "early_tiers": ("gold",)}
    plan(shop, "preview", **early)
    gold, _ = shop.joined("d1", "d2")
    shop.record(buys(gold, 20_000, receipt="d1"))
    assert takes(shop, "d1", "preview").code == "gathering_not_open"
    shop.now = opens - timedelta(hours=6)
    no = takes(shop, "d2", "preview")
    assert (no.code, no.facts["opens_at"]) == ("gathering_not_open", opens.isoformat())
    assert takes(shop, "d1", "preview").state == "held"
    shop.now = opens
    assert takes(shop, "d2", "preview").state == "held"


def test_to_a_gathering_of_a_club_comes_who_is_in_it(shop: Shop) -> None:
    club(shop, "walkers")
    plan(shop, "walk", club="walkers")
    shop.joined("e1")
    assert takes(shop, "e1", "walk").code == "club_only"
    joins(shop, "e1", "walkers")
    assert takes(shop, "e1", "walk").state == "held"


def test_there_are_never_fewer_seats_than_are_taken_and_more_are_filled(shop: Shop) -> None:
    made = plan(shop, "dinner", seats=2)
    shop.joined("f1", "f2", "f3")
    for name in ("f1", "f2", "f3"):
        takes(shop, name, "dinner")
    when = {"begins_at": made.begins_at, "ends_at": made.ends_at}
    assert plan(shop, "dinner", seats=1, **when).field == "/capacity"
    assert plan(shop, "dinner", seats=3, **when).version == 2
    assert states(shop, "dinner")["f3"] == "held"


def test_a_seat_of_who_is_erased_is_free_for_who_waits(shop: Shop) -> None:
    plan(shop, "brunch", seats=1)
    shop.joined("g1", "g2")
    takes(shop, "g1", "brunch")
    takes(shop, "g2", "brunch")
    sql = "select member_id from identifier where program_id = $1 and value = 'g1'"
    shop.ask(erase_members, EraseMember(shop.rows(sql)[0][0]))
    assert states(shop, "brunch") == {"g2": "held"}


def test_who_was_checked_in_before_it_began_is_erased_and_still_counted(shop: Shop) -> None:
    made = plan(shop, "early", seats=1)
    shop.joined("i1", "i2")
    takes(shop, "i1", "early")
    takes(shop, "i2", "early")
    shop.now = made.begins_at - timedelta(hours=20)
    assert comes(shop, "i1", "early").came_at == shop.now
    sql = "select member_id from identifier where program_id = $1 and value = 'i1'"
    assert isinstance(shop.ask(erase_members, EraseMember(shop.rows(sql)[0][0]))[0], Erased)
    sql = """select s.state, s.came_by from seat s join gathering g using (program_id, gathering_id)
              where s.program_id = $1 and g.code = 'early' order by s.line"""
    assert [tuple(row) for row in shop.rows(sql)] == [("held", "erased"), ("waiting", "")]


@pytest.mark.parametrize("checked_in", [False, True])
def test_who_becomes_one_person_has_one_seat_and_the_other_is_given_on(
    shop: Shop, checked_in: bool
) -> None:
    code, names = ("pair-came", "klm") if checked_in else ("pair", "npq")
    made = plan(shop, code, seats=2)
    gone, stays, _ = shop.joined(*names)
    for name in names:
        takes(shop, name, code)
    shop.now = made.begins_at - timedelta(hours=20)
    if checked_in:
        assert comes(shop, names[1], code).came_at == shop.now
    (done,) = shop.ask(merge_members, MergeMembers(gone, stays, "one", "mia"))
    assert isinstance(done, Merged), done
    sql = """select s.state, s.came_at is not null from seat s
               join gathering g using (program_id, gathering_id)
              where s.program_id = $1 and g.code = $2 order by s.line"""
    came, other = ("held", checked_in), ("given_up", False)
    found = [tuple(row) for row in shop.rows(sql, code)]
    assert sorted(found[:2]) == sorted([came, other])
    assert found[2] == ("held", False)


def test_who_moved_up_is_told_that_it_was_called_off_and_of_no_seat(shop: Shop) -> None:
    made = plan(shop, "rained", seats=1)
    shop.joined("r1", "r2", "r3")
    for name in ("r1", "r2", "r3"):
        takes(shop, name, "rained")
    gives_up(shop, "r1", "rained")
    when = {"begins_at": made.begins_at, "ends_at": made.ends_at}
    plan(shop, "rained", seats=1, state="cancelled", **when)
    before = events(shop, "seat.held")
    shop.do(tell_moved_up)
    assert events(shop, "seat.held") == before, "nobody has a seat at what does not take place"
    assert [shop.do(tell_called_off) for _ in range(2)] == [2, 0]
    assert sorted(events(shop, "gathering.cancelled")) == [
        ("r2", "gathering.cancelled"), ("r3", "gathering.cancelled"),
    ]  # fmt: skip


def test_what_was_called_off_stays_so(shop: Shop) -> None:
    made = plan(shop, "picnic")
    when = {"begins_at": made.begins_at, "ends_at": made.ends_at}
    assert plan(shop, "picnic", state="cancelled", **when).state == "cancelled"
    assert plan(shop, "picnic", **when).code == "gathering_cancelled"
    shop.joined("h1")
    assert takes(shop, "h1", "picnic").code == "gathering_cancelled"


def test_an_event_whose_early_tier_is_gone_can_be_called_off(shop: Shop) -> None:
    opens = shop.now + timedelta(days=1)
    early = {"opens_at": opens, "early_at": opens - timedelta(hours=6)}
    made = plan(shop, "preview-iron", **early, early_tiers=("gold",))
    sql = "update gathering set early_tiers = '{iron}' where program_id = $1 and gathering_id = $2"
    shop.rows(sql, made.gathering_id)
    told = {**early, "early_tiers": ("iron",), "ends_at": made.ends_at}
    done = plan(shop, "preview-iron", state="cancelled", begins_at=made.begins_at, **told)
    assert done.state == "cancelled"


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"seats": 0}, "/capacity"),
        ({"ends_at": None}, "/ends_at"),
        ({"early_tiers": ("gold",)}, "/early_at"),
        ({"early_at": "opens", "early_tiers": ("gold",)}, "/early_at"),
        ({"at_place": "a\nb"}, "/at_place"),
        ({"store": "nowhere"}, "/store"),
        ({"club": "nobody"}, "/club"),
    ],
)
def test_a_gathering_that_is_ill_planned_is_not_kept(shop: Shop, more: Any, place: str) -> None:
    told = dict(more)
    if "ends_at" in told:
        told["ends_at"] = shop.now
    if told.get("early_at"):
        told["early_at"] = shop.now
    assert getattr(plan(shop, "bad", **told), "field", None) == place
    assert shop.rows("select 1 from gathering where program_id = $1 and code = 'bad'") == []
