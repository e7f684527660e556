"""What other systems hear of who comes into a segment and goes out of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from tests.flows.terms.segments.test_following import BUYERS, WHO, buys, follows, ids, keep
from tests.makers import Shop

from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.office.segments import tell_segments as telling
from regulars.flows.membership.office.segments.commands import ListMembers
from regulars.flows.membership.office.segments.keep_segments import list_members
from regulars.flows.membership.office.segments.tell_segments import tell_segments
from regulars.records.members.types import EraseMember
from regulars.records.outbox.events.catalogue import wrong_in

_HEARD = """
select i.value, o.type, o.payload::text from outbox o
  left join identifier i on i.program_id = o.program_id and i.member_id = o.member_id
   and i.kind = 'external'
 where o.program_id = $1 and o.type like 'segment.%' order by o.outbox_id
"""


def heard(shop: Shop) -> list[tuple[Any, ...]]:
    """Which events there are by now; each as the catalogue has it."""
    rows = shop.rows(_HEARD)
    for _, type_, payload in rows:
        assert wrong_in(type_, msgspec.json.decode(payload)) == []
    return [(who, type_, msgspec.json.decode(payload)["because"]) for who, type_, payload in rows]


def tells(shop: Shop) -> int:
    return shop.do(tell_segments)


def test_a_segment_that_tells_says_who_comes_and_who_goes_and_no_other_does(cafe: Shop) -> None:
    cafe.joined("ada")
    keep(cafe, "buyers", BUYERS, tells=True)
    keep(cafe, "silent", BUYERS)
    keep(cafe, "lately", {"if": "last_order", "before": 2}, tells=True)
    follows(cafe)
    cafe.record(buys("ada", 30))
    follows(cafe)
    assert heard(cafe) == [], "what moved is told by a step of its own"
    assert tells(cafe) == 2
    assert heard(cafe) == [("ada", "segment.entered", "told")] * 2
    assert tells(cafe) == 0, "and once"
    cafe.now += timedelta(days=2)
    follows(cafe)
    tells(cafe)
    assert heard(cafe)[2:] == [("ada", "segment.left", "time")]


def test_whom_a_condition_brought_in_when_it_was_saved_is_told_of_nobody(cafe: Shop) -> None:
    cafe.joined("ada")
    cafe.record(buys("ada", 30))
    keep(cafe, "buyers", BUYERS, tells=True)
    follows(cafe)
    keep(cafe, "buyers", {"if": "orders", "at_most": 0})
    follows(cafe)
    assert tells(cafe) == 0
    assert heard(cafe) == []


def test_many_at_once_are_told_in_portions_and_in_their_order(
    cafe: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "AT_ONCE", 2)
    names = ("ada", "bo", "cy", "di", "ed")
    cafe.joined(*names)
    keep(cafe, "friends", None, kind="list", tells=True)
    follows(cafe)
    cafe.ask(list_members, ListMembers("friends", ids(cafe, *names[:4]), WHO))
    follows(cafe)
    cafe.now += timedelta(minutes=1)
    cafe.ask(list_members, ListMembers("friends", ids(cafe, "ed"), WHO))
    follows(cafe)
    assert [tells(cafe) for _ in range(4)] == [2, 2, 1, 0]
    assert {who for who, _, _ in heard(cafe)} == set(names)
    assert heard(cafe)[-1][0] == "ed"


def test_switched_off_nothing_is_told_that_waits_and_nothing_of_before_when_on_again(
    cafe: Shop,
) -> None:
    cafe.joined("ada", "bo")
    keep(cafe, "buyers", BUYERS, tells=True)
    follows(cafe)
    cafe.record(buys("ada", 30))
    follows(cafe)
    assert keep(cafe, "buyers", BUYERS).tells, "as it is where nothing is said"
    assert not keep(cafe, "buyers", BUYERS, tells=False).tells
    keep(cafe, "buyers", BUYERS, tells=True)
    assert tells(cafe) == 0
    cafe.record(buys("bo", 30))
    follows(cafe)
    tells(cafe)
    assert heard(cafe) == [("bo", "segment.entered", "told")]


def test_of_who_was_erased_before_it_was_told_nothing_is(cafe: Shop) -> None:
    cafe.joined("ada")
    keep(cafe, "buyers", BUYERS, tells=True)
    follows(cafe)
    cafe.record(buys("ada", 30))
    follows(cafe)
    cafe.ask(erase_members, EraseMember(ids(cafe, "ada")[0]))
    follows(cafe)
    assert tells(cafe) == 0
    assert heard(cafe) == []
