"""Segments: kept, filled, brought up to what members do and to the day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.flows.members.playing.community.meeting import club, joins, leaves
from tests.flows.night.counted.following import goes_on
from tests.makers import Shop, brings_back, by, named
from tests.makers import buys as bought

from regulars.base.faults import Invalid, NotFound, Refused
from regulars.flows.commands import RecordActivity
from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.change_members import change_members
from regulars.flows.membership.commands import BlockMember
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.office.keep_values import keep_values
from regulars.flows.membership.office.prepare_goods import prepare_goods
from regulars.flows.membership.office.prepare_rows import count_anew, prepare_rows
from regulars.flows.membership.office.segments.commands import (
    DropSegment,
    KeepSegment,
    Listed,
    ListMembers,
)
from regulars.flows.membership.office.segments.follow_segments import follow_segments
from regulars.flows.membership.office.segments.keep_segments import keep_segments, list_members
from regulars.records.access.staff.types import By
from regulars.records.activity.types import Line, SaleRef
from regulars.records.members.types import ChangeMember, EraseMember, MemberRef
from regulars.records.program.changes.segments.types import Segment
from regulars.records.standing.values.types import Value

WHO = By(words="owner")
LADDER = """
regulars: 1
program: ladder
name: Ladder
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
tiers: {measure: spend, steps: [{id: silver, at: "20.00"}, {id: gold, at: "50.00"}]}
"""
BUYERS = {"if": "spent", "at_least": "20"}


def keep(shop: Shop, code: str, condition: Any, **more: Any) -> Any:
    return shop.ask(keep_segments, KeepSegment(code, code.title(), WHO, condition, **more))[0]


def follows(shop: Shop) -> None:
    """The worker brings prepared rows and segments up."""
    goes_on(shop)
    for _ in range(50):
        if not shop.do(follow_segments):
            return
    raise AssertionError("it never ends")


_IN = """
select i.value from segment_member m join segment s using (program_id, segment_id)
  join identifier i on i.program_id = m.program_id and i.member_id = m.member_id
   and i.kind = 'external'
 where m.program_id = $1 and s.code = $2 order by 1
"""
_MOVES = """
select i.value, m.entered, m.because
  from segment_move m join segment s using (program_id, segment_id)
  join identifier i on i.program_id = m.program_id and i.member_id = m.member_id
   and i.kind = 'external'
 where m.program_id = $1 and s.code = $2 order by m.at, 1, 2
"""


def buys(name: str, euro: int) -> Any:
    return bought(MemberRef(external=name), euro * 100)


def inside(shop: Shop, code: str) -> list[str]:
    return [row[0] for row in shop.rows(_IN, code)]


def moves(shop: Shop, code: str) -> list[tuple[str, bool, str]]:
    return shop.rows(_MOVES, code)  # type: ignore[return-value]


def test_who_buys_enough_is_in_it_and_who_was_when_it_was_saved_did_not_come(cafe: Shop) -> None:
    cafe.joined("ada", "bo")
    cafe.record(buys("ada", 30))
    assert isinstance(keep(cafe, "buyers", BUYERS), Segment)
    follows(cafe)
    assert (inside(cafe, "buyers"), moves(cafe, "buyers")) == (["ada"], [])
    cafe.now += timedelta(minutes=1)
    cafe.record(buys("bo", 20))
    follows(cafe)
    assert inside(cafe, "buyers") == ["ada", "bo"]
    assert moves(cafe, "buyers") == [("bo", True, "told")]
    before = cafe.counts()
    follows(cafe)
    assert cafe.counts() == before, "and again changes nothing"


def test_what_was_bought_of_a_good_is_followed_and_waited_for(cafe: Shop) -> None:
    tea = {"if": "category_bought", "in": ["tea"], "at_least": 2, "within_days": 30}
    refused = keep(cafe, "tea", tea)
    assert (refused.code, refused.field) == ("invalid", "/condition"), "not made ready yet"
    cafe.joined("ada", "bo")
    follows(cafe)
    for condition, code in (
        (tea, "tea"),
        ({"if": "article_spent", "in": ["t-1", "t-2"], "at_least": "20"}, "twenty"),
    ):
        assert isinstance(keep(cafe, code, condition), Segment)
    follows(cafe)

    def sells(name: str, receipt: str) -> None:
        line = Line(1_000, category="tea", sku="t-1")
        cafe.record(bought(MemberRef(external=name), line, receipt=receipt))
        cafe.now += timedelta(days=1)

    sells("ada", "r1")
    sells("bo", "r2")
    sells("ada", "r3")
    cafe.do(lambda tx, terms: prepare_rows(tx, terms, 100))
    cafe.do(follow_segments)
    follows(cafe)
    assert (inside(cafe, "tea"), inside(cafe, "twenty")) == (["ada"], ["ada"])
    cafe.now += timedelta(minutes=1)
    cafe.record(brings_back("r1", receipt="b1"))
    follows(cafe)
    assert (inside(cafe, "tea"), inside(cafe, "twenty")) == ([], [])
    assert moves(cafe, "tea") == [("ada", True, "told"), ("ada", False, "told")]


def test_while_goods_are_folded_anew_only_who_asks_for_them_waits(cafe: Shop) -> None:
    cafe.joined("ada", "bo")
    follows(cafe)
    tea = {"if": "category_bought", "in": ["tea"], "at_least": 1}
    assert isinstance(keep(cafe, "tea", tea), Segment)
    keep(cafe, "buyers", BUYERS)
    follows(cafe)
    cafe.rows("update goods_reach set zones = 'others' where program_id = $1 returning 1")
    cafe.do(prepare_goods)
    cafe.now += timedelta(minutes=1)
    line = Line(3_000, category="tea")
    cafe.record(bought(MemberRef(external="ada"), line))
    while cafe.do(lambda tx, terms: prepare_rows(tx, terms, 100)):
        pass
    for _ in range(9):
        cafe.do(follow_segments)
    assert (inside(cafe, "buyers"), inside(cafe, "tea")) == (["ada"], [])
    cafe.now += timedelta(minutes=1)
    cafe.do(prepare_goods)
    for _ in range(9):
        cafe.do(follow_segments)
    cafe.record(bought(MemberRef(external="bo"), line))
    follows(cafe)
    assert inside(cafe, "tea") == ["ada", "bo"]
    assert moves(cafe, "tea") == [("ada", True, "told"), ("bo", True, "told")]


def test_time_alone_brings_somebody_in_as_the_day_begins(cafe: Shop) -> None:
    cafe.joined("ada", "bo")
    cafe.record(buys("ada", 5))
    keep(cafe, "away", {"if": "last_order", "at_least": 3})
    follows(cafe)
    cafe.now += timedelta(days=2)
    follows(cafe)
    assert inside(cafe, "away") == []
    cafe.now += timedelta(days=1)
    follows(cafe)
    assert moves(cafe, "away") == [("ada", True, "time")]
    cafe.now += timedelta(minutes=1)
    cafe.record(buys("ada", 5))
    follows(cafe)
    assert moves(cafe, "away")[1:] == [("ada", False, "told")]


def test_what_no_entry_tells_of_is_followed_too(cafe: Shop) -> None:
    (ada,) = cafe.joined("ada")
    keep(cafe, "students", {"if": "member", "attribute": "student", "in": [True]})
    follows(cafe)
    cafe.ask(change_members, ChangeMember(ada, attributes={"student": True}))
    follows(cafe)
    assert inside(cafe, "students") == ["ada"]
    assert cafe.rows("select count(*) from segment_touch where program_id = $1") == [(0,)]


def test_who_leaves_a_club_goes_out_and_who_comes_back_comes_in(cafe: Shop) -> None:
    cafe.joined("ada")
    club(cafe, "runners")
    keep(cafe, "runs", {"if": "club", "in": ["runners"]})
    follows(cafe)
    for deed, there in ((joins, ["ada"]), (leaves, []), (joins, ["ada"])):
        cafe.now += timedelta(minutes=1)
        deed(cafe, "ada", "runners")
        follows(cafe)
        assert inside(cafe, "runs") == there
    assert moves(cafe, "runs") == [("ada", at % 2 == 0, "told") for at in range(3)]


def test_another_chance_and_a_further_deed_are_followed(cafe: Shop) -> None:
    cafe.joined("ada")
    ((ada,),) = cafe.rows(
        "select member_id from identifier where program_id = $1 and value = 'ada'"
    )
    keep(cafe, "slipping", {"if": "lapse", "at_least": 601})
    early = RecordActivity("return", sale=SaleRef(None, "w", "early", "webinar"))
    assert cafe.record(early)[0].code == "invalid"
    keep(cafe, "regulars", {"if": "did", "kind": "webinar", "at_least": 2, "within_days": 3})
    assert cafe.record(early)[0].state == "waiting", "what a segment asks for is known"
    keep(cafe, "worthy", {"if": "worth", "at_least": "1.00"})
    follows(cafe)
    for chance, there in ((400, []), (399, ["ada"]), (None, [])):
        cafe.now += timedelta(minutes=1)
        one = Value(ada, chance, 10, 100, 3, None, None, "lower", cafe.now.date())
        cafe.do(lambda tx, _, one=one: keep_values(tx, [one], [""]))
        follows(cafe)
        assert inside(cafe, "slipping") == there, chance
    for worth, there in ((99, []), (100, ["ada"]), (None, [])):
        cafe.now += timedelta(minutes=1)
        one = Value(ada, None, 10, worth, 3, None, None, "lower", cafe.now.date())
        cafe.do(lambda tx, _, one=one: keep_values(tx, [one], [""]))
        follows(cafe)
        assert inside(cafe, "worthy") == there, worth
    for nth, there in enumerate(([], ["ada"], [])):
        cafe.now += timedelta(minutes=1)
        webinar = RecordActivity("webinar", MemberRef(external="ada"), source="w",
                                 external_id=str(nth), occurred_at=cafe.now)  # fmt: skip
        never = RecordActivity("return", sale=SaleRef(None, "w", "0", "webinar"))
        cafe.record(never if nth == 2 else webinar)
        follows(cafe)
        assert inside(cafe, "regulars") == there, nth
    cafe.record(RecordActivity("webinar", MemberRef(external="ada"), occurred_at=cafe.now))
    follows(cafe)
    assert inside(cafe, "regulars") == ["ada"]
    cafe.now += timedelta(days=3)
    follows(cafe)
    assert (inside(cafe, "regulars"), moves(cafe, "regulars")[-1][2]) == ([], "time")


def test_where_rows_are_folded_anew_segments_are_filled_anew_and_nobody_moved(cafe: Shop) -> None:
    """Who stands in one by a rule of before goes, or comes, with the repair."""
    cafe.joined("ada")
    cafe.record(buys("ada", 30))
    keep(cafe, "buyers", BUYERS)
    follows(cafe)
    cafe.rows("delete from segment_member where program_id = $1")
    follows(cafe)
    assert inside(cafe, "buyers") == []

    async def anew(tx: Any, _terms: Any) -> int:
        await count_anew(tx)
        return 0

    cafe.do(anew)
    follows(cafe)
    assert (inside(cafe, "buyers"), moves(cafe, "buyers")) == (["ada"], [])


def test_an_edited_condition_moves_nobody(cafe: Shop) -> None:
    cafe.joined("ada")
    keep(cafe, "buyers", BUYERS)
    follows(cafe)
    draft = keep(cafe, "buyers", {"if": "orders", "at_most": 0}, draft=True)
    assert (draft.version, draft.saved) == (2, 1)
    follows(cafe)
    assert inside(cafe, "buyers") == []
    saved = keep(cafe, "buyers", {"if": "orders", "at_most": 0})
    assert (saved.version, saved.saved) == (2, 2)
    follows(cafe)
    assert (inside(cafe, "buyers"), moves(cafe, "buyers")) == (["ada"], [])


def ids(shop: Shop, *names: str) -> tuple[Any, ...]:
    found = dict(shop.rows("select value, member_id from identifier where program_id = $1"))
    return tuple(found[name] for name in names)


def test_a_list_is_kept_by_hand_and_others_may_stand_on_it(cafe: Shop) -> None:
    cafe.joined("ada", "bo")
    keep(cafe, "friends", None, kind="list")
    keep(cafe, "others", {"if": "not", "that": {"if": "segment", "in": ["friends"]}})
    (done,) = cafe.ask(list_members, ListMembers("friends", ids(cafe, "ada", "ada"), WHO))
    assert done == Listed(1, 1)
    follows(cafe)
    assert (inside(cafe, "friends"), inside(cafe, "others")) == (["ada"], ["bo"])
    (no,) = cafe.ask(keep_segments, DropSegment("friends", WHO))
    assert isinstance(no, Refused)
    assert no.facts == {"segments": ["others"]}
    (done,) = cafe.ask(list_members, ListMembers("friends", ids(cafe, "ada"), WHO, adds=False))
    assert done == Listed(1, 0)
    follows(cafe)
    assert (inside(cafe, "friends"), inside(cafe, "others")) == ([], ["ada", "bo"])


def test_whatever_stands_on_an_edited_segment_is_filled_anew_too(cafe: Shop) -> None:
    cafe.joined("ada")
    keep(cafe, "one", BUYERS)
    keep(cafe, "two", {"if": "segment", "in": ["one"]})
    keep(cafe, "three", {"if": "not", "that": {"if": "segment", "in": ["two"]}})
    follows(cafe)
    assert (inside(cafe, "two"), inside(cafe, "three")) == ([], ["ada"])
    keep(cafe, "one", {"if": "orders", "at_most": 0})
    follows(cafe)
    assert (inside(cafe, "two"), inside(cafe, "three")) == (["ada"], [])
    assert moves(cafe, "three") == [], "nobody came or went because of a sentence"


def test_another_version_of_the_program_is_followed(cafe: Shop) -> None:
    """Nobody moved and no day began: the order of the tiers is another, and who is above is."""
    cafe.publish(named(LADDER, cafe.terms.slug))
    cafe.joined("ada")
    cafe.record(buys("ada", 60))
    keep(cafe, "above", {"if": "tier", "at_least": "silver"})
    follows(cafe)
    assert inside(cafe, "above") == ["ada"]
    cafe.now += timedelta(minutes=1)
    turned = LADDER.replace("silver", "x").replace("gold", "silver").replace("id: x", "id: gold")
    cafe.publish(named(turned, cafe.terms.slug))
    follows(cafe)
    assert (inside(cafe, "above"), moves(cafe, "above")) == ([], [("ada", False, "told")])


def test_how_many_there_are_is_kept_with_every_change(cafe: Shop) -> None:
    cafe.joined("ada", "bo", "cy")
    keep(cafe, "all", {"if": "orders", "at_most": 0})
    follows(cafe)
    assert tallied(cafe) == [(3, "everybody"), (3, "all")]
    cafe.record(buys("ada", 5))
    cafe.ask(block_members, BlockMember(by(external="bo"), True, "odd", "owner"))
    follows(cafe)
    assert tallied(cafe) == [(2, "everybody"), (1, "all")]
    cafe.ask(keep_segments, DropSegment("all", WHO))
    assert tallied(cafe) == [(2, "everybody")]
    row = "insert into member_tally (program_id, of_id, change) values ($1, $2, $3) returning 1"
    for at in range(600):
        cafe.rows(row, UUID(int=0), 1 - at % 2 * 2)
    follows(cafe)
    assert cafe.rows("select count(*) from member_tally where program_id = $1") == [(1,)]
    assert tallied(cafe) == [(2, "everybody")]


def tallied(shop: Shop) -> list[tuple[Any, ...]]:
    return shop.rows(
        "select sum(t.change)::int, coalesce(s.code, 'everybody') from member_tally t "
        "left join segment s on s.segment_id = t.of_id where t.program_id = $1 "
        "group by s.code having sum(t.change) <> 0 order by 1 desc, 2 desc"
    )


def test_of_the_erased_no_segment_says_anything(cafe: Shop) -> None:
    cafe.joined("ada")
    keep(cafe, "friends", None, kind="list")
    keep(cafe, "all", {"if": "orders", "at_most": 0})
    cafe.ask(list_members, ListMembers("friends", ids(cafe, "ada"), WHO))
    follows(cafe)
    cafe.ask(erase_members, EraseMember(ids(cafe, "ada")[0]))
    for _ in range(2):
        counts = cafe.counts()
        assert (counts["segment_member"], counts["segment_listed"]) == (0, 0)
        follows(cafe)


def test_a_dropped_segment_is_gone_whole(cafe: Shop) -> None:
    cafe.joined("ada")
    keep(cafe, "all", {"if": "orders", "at_most": 0})
    follows(cafe)
    cafe.ask(keep_segments, DropSegment("all", WHO))
    counts = cafe.counts()
    assert {counts[name] for name in counts if name.startswith("segment")} <= {0, 1}
    assert (counts["segment"], counts["segment_member"], counts["segment_version"]) == (0, 0, 0)
    assert isinstance(cafe.ask(keep_segments, DropSegment("all", WHO))[0], NotFound)


@pytest.mark.parametrize(
    ("condition", "field"),
    [
        (None, "/condition"),
        ({"if": "rich"}, "/condition/if"),
        ({"if": "spent"}, "/condition/at_least"),
        ({"if": "spent", "at_least": "9.999"}, "/condition/at_least"),
        ({"if": "spent", "at_least": "9", "at_most": "8"}, "/condition/at_most"),
        ({"if": "all", "of": []}, "/condition/of"),
        ({"if": "all", "of": [{"if": "tier", "at_least": "platinum"}]},
         "/condition/of/0/at_least"),
        ({"if": "points", "wallet": "stars", "at_least": 3}, "/condition/wallet"),
        ({"if": "orders", "at_least": 1, "stores": ["mars"]}, "/condition/stores/0"),
        ({"if": "last_order", "at_least": 9, "before": 9}, "/condition/before"),
        ({"if": "segment", "in": ["nobody"]}, "/condition/in/0"),
        ({"if": "segment", "in": ["wrong"]}, "/condition/in/0"),
        ({"if": "tag", "in": []}, "/condition/in"),
        ({"if": "did", "kind": "purchase", "at_least": 2}, "/condition/kind"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_at_its_place(
    cafe: Shop, condition: Any, field: str
) -> None:
    before = cafe.counts()
    no = keep(cafe, "wrong", condition)
    assert isinstance(no, Invalid)
    assert no.field == field
    assert cafe.counts() == before


def test_segments_name_no_circle(cafe: Shop) -> None:
    keep(cafe, "one", BUYERS)
    keep(cafe, "two", {"if": "segment", "in": ["one"]})
    no = keep(cafe, "one", {"if": "not", "that": {"if": "segment", "in": ["two"]}})
    assert isinstance(no, Invalid)
    assert no.field == "/condition/that/in/0"
