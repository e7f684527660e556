"""Two batches may be in flight, but nobody who names the same thing is overtaken."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from regulars.flows.commands import Adjust, RecordActivity, Redeem, Settle
from regulars.records.activity.types import SaleRef
from regulars.records.members.types import Asked, MemberRef
from regulars.runtime.serving.gate import Batch, Waiting, take
from regulars.runtime.serving.order import names_of

ANN, BEN = MemberRef(card="ann"), MemberRef(card="ben")


def _queue(*names: Iterable[str] | None) -> deque[Waiting]:
    loop = asyncio.new_event_loop()
    try:
        return deque(
            Waiting((place, None if one is None else frozenset(one)), loop.create_future())
            for place, one in enumerate(names)
        )
    finally:
        loop.close()


def _commands(batch: Iterable[Waiting]) -> list[int]:
    return [place for place, _ in (waiting.command for waiting in batch)]


def _take(queue: deque[Waiting], flying: Sequence[Batch]) -> Batch:
    return take(queue, flying, of=lambda command: command[1])


def test_who_names_what_is_in_flight_waits_and_others_go() -> None:
    queue = _queue("a", "b", "c")
    assert _commands(_take(queue, [list(_queue("b"))])) == [0, 2]
    assert _commands(queue) == [1]


def test_nobody_overtakes_who_waits_for_somebody_in_flight() -> None:
    queue = _queue("bx", "x", "y")  # the second has to wait for the first, which waits for b
    assert _commands(_take(queue, [list(_queue("b"))])) == [2]
    assert _commands(queue) == [0, 1]


def test_a_command_that_names_nothing_known_is_neither_overtaken_nor_overtakes() -> None:
    queue = _queue("a", None, "c")
    assert _commands(_take(queue, [list(_queue("z"))])) == [0]
    assert _commands(queue) == [1, 2]
    assert _take(_queue("a"), [list(_queue(None))]) == []


NAMES = st.sets(st.sampled_from("abcd"), min_size=1, max_size=2)


@given(st.lists(NAMES, min_size=1, max_size=3), st.lists(NAMES, max_size=12))
def test_whatever_the_queue_names_keep_their_order(
    first: list[set[str]], names: list[set[str]]
) -> None:
    queue, flown = _queue(*first, *names), []
    flying: list[Batch] = [[queue.popleft() for _ in first]]
    while queue or flying:
        batch = _take(queue, flying) if len(flying) < 2 else []
        if batch:
            flying.append(batch)
        else:
            flown += _commands(flying.pop())  # the later batch ends first: the hardest case
    assert sorted(flown) == list(range(len(first) + len(names)))
    for name in "abcd":
        mine = [place for place in flown if name in [*first, *names][place]]
        assert mine == sorted(mine), (name, flown)


def test_a_return_names_the_receipt_its_sale_was_sent_with() -> None:
    sale = RecordActivity("purchase", ANN, source="till", external_id="7")
    back = RecordActivity("return", sale=SaleRef(source="till", external_id="7"))
    other = RecordActivity("purchase", BEN, source="till", external_id="8")
    named, returned, others = map(names_of, (sale, back, other))
    assert named
    assert returned
    assert others
    assert named & returned
    assert not others & (named | returned)


def test_a_sale_to_nobody_waits_for_nobody() -> None:
    assert names_of(RecordActivity("purchase")) == frozenset()


def test_wishes_of_one_member_keep_their_order_and_so_do_the_ends_of_one_redemption() -> None:
    ours = names_of(Redeem(ANN, "coffee", asked=Asked("till", ""))), names_of(Redeem(ANN, "tea"))
    assert ours[0] == ours[1] == {ANN}
    ends = [names_of(Settle(UUID(int=1), outcome)) for outcome in ("captured", "voided")]
    assert ends[0] == ends[1] == {UUID(int=1)}


def test_two_members_who_want_one_reward_need_not_wait_for_each_other() -> None:
    ann, ben = names_of(Redeem(ANN, "coffee")), names_of(Redeem(BEN, "coffee"))
    assert ann is not None
    assert ben is not None
    assert ann.isdisjoint(ben)


def test_what_the_gate_does_not_know_by_name_goes_alone() -> None:
    assert names_of(Adjust(ANN, "points", 5, "a gift", "Olga")) is None
