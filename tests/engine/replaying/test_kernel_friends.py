"""A ladder by friends comes to the same in columns, also where a friend is undone."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.engine.replaying.test_kernel import START, both, by_kernel, plant
from tests.engine.replaying.test_kernel_baskets import shopping

from regulars.engine.compiling.compile import compile_program
from regulars.engine.replaying.fold import alone
from regulars.engine.replaying.kernel import columns
from regulars.engine.terms import Terms
from regulars.records.activity.happening import Happening
from regulars.records.activity.types import FRIEND_STAYED, Body
from regulars.records.program.reading import read_program

PROGRAM = """
regulars: 1
program: friends
name: Friends
currency: EUR
zone: Europe/Berlin
wallets: {points: {negative: debt}}
referral: {wallet: points}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: brings, on: purchase, wallet: points, award: {give: multiply, by: 3},
     when: {if: tier, at_least: friend}}
  - {id: each, on: friend-stayed, wallet: points, award: {give: per_item, points: 7}}
tiers:
  measure: friends
  WINDOW
  steps: [{id: friend, at: 1}, {id: ambassador, at: 3}]
"""
WINDOWS = (
    "window: ever\n  returned_credit: revoke_now",
    "window: rolling\n  rolling_days: 90\n  returned_credit: at_period_end",
    "window: calendar_year\n  returned_credit: never",
)


def befriended(chance: Random, rows: list[Happening]) -> list[Happening]:
    """A history in which friends stay now and then, and some of them turn out not to have."""
    found, open_, number = [], list[tuple[UUID, UUID]](), 0
    for one in rows:
        found.append(one)
        at, who = one.at + timedelta(seconds=1), one.member_id
        mine = [id_ for member, id_ in open_ if member == who]
        if chance.random() > 0.3 or one.activity is None:
            continue
        number += 1
        deed = replace(
            one.activity, activity_id=UUID(int=10**9 + number), kind=FRIEND_STAYED, sale_id=None,
            occurred_at=at, amount_minor=0, body=Body(), source="referral", actor="referral",
        )  # fmt: skip
        if mine and chance.random() < 0.4:
            open_.remove((who, mine[0]))
            deed = replace(deed, kind="return", sale_id=mine[0])
        else:
            open_.append((who, deed.activity_id))
        what = "return" if deed.sale_id else "activity"
        found.append(Happening(what=what, member_id=who, now=at, at=at, activity=deed))
    return found


def judged(window: str) -> tuple[Terms, list[Happening], dict, dict]:
    program = PROGRAM.replace("WINDOW", window)
    terms = alone(compile_program(read_program(program)), START)
    chance = Random(7)
    rows = befriended(chance, shopping(chance, ["points"], 12, 40))
    return terms, rows, *both(terms, rows, compiled=False)


@pytest.mark.parametrize("window", WINDOWS)
def test_friends_come_to_the_same(window: str) -> None:
    _, _, ours, theirs = judged(window)
    assert {"friend", "ambassador"} <= set(theirs["stood"].values())
    assert theirs["fired"]["each"][2] > 0
    assert ours == theirs


def test_whoever_counts_no_friends_in_columns_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(columns._COUNTED, "friends", ("purchase",))
    _terms, _rows, ours, theirs = judged(WINDOWS[0])
    assert ours != theirs


def test_a_friend_who_is_undone_and_counts_on_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    terms, rows, _, theirs = judged(WINDOWS[0])
    plant(
        monkeypatch, "RETURNING", "friends stay", ("return credit if left else 0", "return credit")
    )
    assert by_kernel(terms, rows, compiled=False) != theirs
