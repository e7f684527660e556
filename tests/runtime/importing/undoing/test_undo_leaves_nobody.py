"""Of whoever goes with an import nothing personal is left: as after an erasure."""

from __future__ import annotations

import re

from tests.runtime.importing.moving_in import House
from tests.runtime.importing.taking_back import acts, undone

from regulars.flows.membership.erase_members import erase_members
from regulars.records.imports.undoing.signs import FOLLOWS, LOOKED_AT
from regulars.records.members.types import Erased, EraseMember
from regulars.runtime.importing.undoing import TakenBack

_MAPPING = """
mapping: till
title: An old till
source: till
files:
  members:
    gives:
      members: {member_id: id, joined_at: joined, state: state, given_name: name, email: email}
      lots: {member_id: id, wallet: {constant: points}, lot_id: id, remaining: points,
             earned_at: joined}
      consents: {member_id: id, channel: {constant: email}, state: {constant: given},
                 source: {constant: old till}, changed_at: joined}
"""
_ELSEWHERE = {
    "import_row": "lines that wait go when it begins",
    "once": "receipts move aside at its end",
    "payout_return": "whoever was paid out keeps everything",
    "tier_turn": "whoever was granted a tier keeps everything",
}
"""Where a place needs no cleaning, and why."""

_PEOPLE = (
    "id,joined,state,name,email,points",
    "ada,2020-01-02T10:00:00Z,active,Ada,ada@example.org,100",
    "bad,2020-01-02T10:00:00Z,blocked,Bad,bad@example.org,100",
)


def _bring(house: House) -> str:
    mapping = house.write("m.yaml", _MAPPING)
    house.bring(f"members={house.write('people.csv', *_PEOPLE)}", mapping=mapping)
    return house.rows("select import_id from import order by begun_at desc limit 1")[0][0]


def test_who_was_blocked_where_they_came_from_goes_without_a_word_left(house: House) -> None:
    import_id = _bring(house)
    assert house.wrong_books() == {}
    assert undone(house, import_id) == TakenBack(2, 0, {})
    assert house.wrong_books() == {}


def test_what_senders_and_cards_keep_of_them_goes(house: House) -> None:
    import_id = _bring(house)
    house.rows(
        """insert into bounced_address
           select program_id, sha256('a'), member_id, 'no such box', now()
             from member where given_name = 'Ada'"""
    )
    house.rows(
        """insert into card_code select program_id, member_id, 1, member_id, now()
             from member where given_name = 'Ada'"""
    )
    house.rows(
        """insert into delivery (program_id, member_id, delivery_id, cause_id, kind, channel,
                  address, state, try_at, best_before, recorded_at)
           select program_id, member_id, member_id, member_id, 'notice', 'email', sha256('a'),
                  'waiting', now(), now(), now()
             from member where given_name = 'Ada'"""
    )
    undone(house, import_id)
    for table in ("bounced_address", "card_code", "delivery"):
        assert house.rows(f"select count(*) from {table}") == [(0,)], table


def test_every_place_an_erasure_cleans_is_cleaned(house: House) -> None:
    def bodies(name: str) -> str:
        rows = house.rows("select prosrc from pg_proc where proname like $1", name)
        return "\n".join(source for (source,) in rows)

    def changed(source: str) -> set[str]:
        return set(re.findall(r"(?:delete from|update) (\w+)", source))

    whole = bodies("erase_member") + bodies(r"erases\_%")
    still = changed(whole) & (FOLLOWS | LOOKED_AT) - _ELSEWHERE.keys()
    assert still <= changed(bodies("take_back_members") + bodies(r"takes\_back\_%"))


def test_who_was_blocked_and_is_erased_is_no_fault_in_the_books(house: House) -> None:
    _bring(house)
    ((who,),) = house.rows("select member_id from member where state = 'blocked'")
    assert isinstance(acts(house, erase_members, EraseMember(who)), Erased)
    assert house.wrong_books() == {}
