"""Troubles of members are taken care of by their tier, and prospects hear from who agreed to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.flows.members.playing.community.meeting import MIA, SOURCE, points
from tests.makers import Made, Shop, buys, by

from regulars.base.faults import MembersMoved, StaleStanding
from regulars.flows.community.caring import work_on_cases
from regulars.flows.community.caring.commands import (
    AgreeToReferences,
    CloseCase,
    NoteCase,
    OpenCase,
    TurnReference,
    WantReference,
)
from regulars.flows.community.caring.find_references import (
    agree_to_references,
    turn_references,
    want_references,
)
from regulars.flows.community.caring.work_on_cases import close_cases, note_cases, open_cases
from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.merge_members import merge_members
from regulars.records.community.references import read as references
from regulars.records.community.support import read
from regulars.records.members.types import Asked, EraseMember, Identifier, JoinMember

CARES = SOURCE.replace(
    "tiers:\n",
    """  - {id: mended, on: case-closed, wallet: points, award: {give: fixed, points: 7},
     when: {if: detail, detail: outcome, in: [solved]}}
  - {id: vouched, on: reference, wallet: points, award: {give: fixed, points: 100}}
tiers:
""",
).replace("at: 0},", "at: 0}, {id: silver, name: Silver, at: '50.00'},")
OVER = """
insert into service_case (program_id, case_id, member_id, subject, priority, state, outcome,
                          opened_at, opened_by, due_at, closed_at)
select $1, gen_random_uuid(), $2, 'Over', 3, 'closed', 'solved', $3, 'mia', $3, $3
  from generate_series(1, 500)
"""


@pytest.fixture(scope="module")
def shop(database: Made) -> Iterator[Shop]:
    made = Shop.open(database, CARES)
    yield made
    made.close()


def opens(shop: Shop, name: str, **more: Any) -> Any:
    told = {"subject": "It came open", "by": MIA, **more}
    return shop.ask(open_cases, OpenCase(by(external=name), **told))[0]


def closes(shop: Shop, one: Any, outcome: Any = "solved") -> Any:
    return shop.ask(close_cases, CloseCase(one.case_id, outcome, MIA))[0]


def wants(shop: Shop, **attributes: Any) -> Any:
    return shop.ask(want_references, WantReference("Bakery", MIA, attributes))[0]


def turns(shop: Shop, one: Any, does: Any, name: str = "") -> Any:
    who = by(external=name) if name else None
    return shop.ask(turn_references, TurnReference(one.request_id, does, MIA, who))[0]


def agrees(shop: Shop, name: str, says: bool = True) -> Any:
    return shop.ask(agree_to_references, AgreeToReferences(by(external=name), says, MIA))[0]


def test_whoever_stands_higher_is_answered_first(shop: Shop) -> None:
    shop.joined("low", "mid", "top")
    for name, spent in (("mid", 60_00), ("top", 200_00)):
        shop.record(buys(by(external=name), spent))
    late, found = opens(shop, "low"), {name: opens(shop, name) for name in ("mid", "top")}
    urgent = opens(shop, "low", priority="high", subject="It burns")
    assert [one.priority for one in (late, *found.values(), urgent)] == [3, 2, 1, 1]
    queue = shop.do(lambda tx, _: read.opened(tx, None, 9))
    assert [one.case_id for one in queue] == [
        found["top"].case_id, urgent.case_id, found["mid"].case_id, late.case_id,
    ]  # fmt: skip
    assert [one.due_at - one.opened_at for one in queue[::3]] == [
        timedelta(hours=4), timedelta(hours=48),
    ]  # fmt: skip
    for one in queue:
        closes(shop, one, "answered")


def test_how_a_case_ended_is_one_activity_that_rules_see(shop: Shop) -> None:
    shop.joined("ada")
    key = Asked("till", "case-1")
    one, again = (opens(shop, "ada", says="Two bags", reason="delivery", asked=key) for _ in "ab")
    assert (again.case_id, again.replayed) == (one.case_id, True)
    note = NoteCase(one.case_id, "On their way", MIA, Asked("till", "note-1"))
    for _ in "ab":
        shop.ask(note_cases, note)
    noted = shop.do(lambda tx, _: read.notes(tx, [one.case_id]))[one.case_id]
    assert [each.says for each in noted] == ["Two bags", "On their way"]
    assert closes(shop, one).booked
    assert closes(shop, one).state == "closed", "said again it changes nothing"
    assert closes(shop, one, "unsolved").code == "case_over"
    assert points(shop, "ada") == 7
    sql = """select a.body -> 'details' ->> 'reason', a.body -> 'details' ->> 'priority'
               from activity a where a.program_id = $1 and a.kind = 'case-closed'
                and a.external_id = $2"""
    assert shop.rows(sql, one.case_id.hex) == [("delivery", "normal")]
    for wrong, place in (
        ({"subject": " "}, "/subject"), ({"reason": "So so"}, "/reason"),
        ({"store": "nowhere"}, "/store"), ({"says": "\u202e"}, "/text"),
    ):  # fmt: skip
        assert opens(shop, "ada", **wrong).field == place


def test_of_the_erased_no_word_is_left_and_who_was_merged_keeps_theirs(shop: Shop) -> None:
    shop.joined("old", "anew", "gone")
    mine, theirs = opens(shop, "old"), opens(shop, "gone", says="My name is Gone")
    shop.ask(merge_members, MergeMembers(by(external="old"), by(external="anew"), "same", "mia"))
    assert closes(shop, mine).member_id == who(shop, "anew")
    assert points(shop, "anew") == 7
    shop.ask(erase_members, EraseMember(who(shop, "gone")))
    left = shop.rows(
        "select subject, state from service_case where program_id = $1 and case_id = $2",
        theirs.case_id,
    )
    assert left == [("", "forgotten")]
    assert shop.do(lambda tx, _: read.notes(tx, [theirs.case_id]))[theirs.case_id] == []
    assert closes(shop, theirs).code == "not_found"


def test_a_note_does_not_survive_an_erasure_at_the_same_time(shop: Shop) -> None:
    shop.joined("noted")
    one, id_ = opens(shop, "noted"), who(shop, "noted")
    told = NoteCase(one.case_id, "Their name", MIA)
    (note,), _ = shop.together(
        lambda tx, terms: note_cases(tx, terms, [told]),
        lambda tx, terms: erase_members(tx, terms, [EraseMember(id_)]),
    )
    assert note.case_id == one.case_id
    assert shop.do(lambda tx, _: read.notes(tx, [one.case_id]))[one.case_id] == []


def test_whoever_was_parted_meanwhile_is_looked_up_anew(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.joined("mine", "other")
    one, by_id, other = opens(shop, "mine"), read.by_id, who(shop, "other")

    async def merged(tx: Any, ids: Any) -> Any:
        monkeypatch.setattr(read, "by_id", by_id)
        return {id_: replace(c, member_id=other) for id_, c in (await by_id(tx, ids)).items()}

    for does in (closes, lambda shop, one: shop.ask(note_cases, NoteCase(one.case_id, "x", MIA))):
        monkeypatch.setattr(read, "by_id", merged)
        with pytest.raises(MembersMoved):
            does(shop, one)


def test_all_that_are_open_count_however_many_came_after(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.joined("often")
    opens(shop, "often")
    shop.rows(OVER, who(shop, "often"), shop.now + timedelta(hours=1))
    monkeypatch.setattr(work_on_cases, "MOST_OPEN", 1)
    assert opens(shop, "often").code == "cases_open"


def test_prospects_hear_from_who_agreed_and_was_asked_least(shop: Shop) -> None:
    for name in ("baker", "baker2", "grocer"):
        has = {"industry": "bakery" if name != "grocer" else "grocery"}
        told = JoinMember((Identifier("external", name),), attributes=has)
        shop.join(told)
    assert turns(shop, wants(shop, industry="bakery"), "ask").code == "nobody_fits"
    assert [agrees(shop, name).agrees for name in ("baker", "grocer")] == [True, True]
    first, second = wants(shop, industry="bakery"), wants(shop, industry="bakery")
    asked = turns(shop, first, "ask")
    assert (asked.state, asked.member_id) == ("asked", who(shop, "baker"))
    assert turns(shop, second, "ask").code == "nobody_fits", "they wait with somebody already"
    agrees(shop, "baker2")
    assert turns(shop, second, "ask").member_id == who(shop, "baker2")
    done = turns(shop, first, "given")
    assert done.state == "given", done
    assert turns(shop, first, "given").state == "given"
    assert turns(shop, second, "declined").state == "open"
    assert points(shop, "baker") == 100
    assert turns(shop, second, "given").code == "reference_not_so"
    assert turns(shop, second, "ask", "baker2").code == "nobody_fits", "they declined this one"
    assert turns(shop, second, "ask").member_id == who(shop, "baker")
    shop.ask(erase_members, EraseMember(who(shop, "baker")))
    left = shop.do(lambda tx, _: references.by_id(tx, [second.request_id]))[second.request_id]
    assert (left.state, left.member_id) == ("open", None)
    assert not agrees(shop, "grocer", says=False).agrees
    assert turns(shop, wants(shop, industry="grocery"), "ask").code == "nobody_fits"


def test_whoever_takes_back_that_they_may_be_asked_is_asked_no_more(shop: Shop) -> None:
    shop.join(JoinMember((Identifier("external", "shy"),), attributes={"industry": "mill"}))
    agrees(shop, "shy")
    one = wants(shop, industry="mill")
    assert turns(shop, one, "ask").state == "asked"
    agrees(shop, "shy", says=False)
    left = shop.do(lambda tx, _: references.by_id(tx, [one.request_id]))[one.request_id]
    assert (left.state, left.member_id) == ("open", None)
    agrees(shop, "shy")
    assert turns(shop, one, "ask").code == "nobody_fits", "they declined this one"
    assert turns(shop, wants(shop, industry="mill"), "ask").state == "asked"


def test_two_prospects_at_the_same_time_hear_from_two(shop: Shop) -> None:
    for name in ("f1", "f2"):
        shop.join(JoinMember((Identifier("external", name),), attributes={"industry": "forge"}))
        agrees(shop, name)
    told = [TurnReference(wants(shop, industry="forge").request_id, "ask", MIA) for _ in "ab"]
    first, second = shop.together(
        *(lambda tx, terms, one=one: turn_references(tx, terms, [one]) for one in told)
    )
    assert first[0].state == "asked"
    assert isinstance(second, StaleStanding), "so that it is decided anew"
    assert shop.ask(turn_references, told[1])[0].state == "asked"


def test_whoever_was_asked_least_is_first(shop: Shop) -> None:
    for name in ("x1", "x2"):
        shop.join(JoinMember((Identifier("external", name),), attributes={"industry": "tailor"}))
        agrees(shop, name)
    for _ in range(2):
        one = wants(shop, industry="tailor")
        assert turns(shop, one, "ask", "x1").state == "asked"
        turns(shop, one, "given")
    last = wants(shop, industry="tailor")
    found = shop.do(
        lambda tx, _: references.matches(tx, (last.request_id, {"industry": "tailor"}), 9)
    )
    assert [(one.member_id, one.asked) for one in found] == [
        (who(shop, "x2"), 0), (who(shop, "x1"), 2),
    ]  # fmt: skip


def who(shop: Shop, name: str) -> Any:
    sql = "select member_id from identifier where program_id = $1 and value = $2"
    return shop.rows(sql, name)[0][0]
