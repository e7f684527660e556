"""Members are told of what waited while the house moved elsewhere, and of nothing twice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.makers import NOON, Shop, buys, by
from tests.runtime.working.senders.test_messages import KEYED, SOURCE

from regulars.flows.telling.choose_messages import ChooseMessages, choose_messages
from regulars.flows.telling.plan_deliveries import plan_deliveries
from regulars.records.members.types import Identifier, JoinMember

OTHER = 1 << 50
"""The numbers of the cluster before were far higher."""
_ELSEWHERE = f"""
with seen as (update outbox set recorded_tx = recorded_tx + {OTHER} where program_id = $1)
update delivery_reach set below_tx = below_tx + {OTHER}, cluster = 1
 where program_id = $1 returning 1
"""
_HOME = f"""
update outbox set recorded_tx = recorded_tx - {OTHER}
 where program_id = $1 and recorded_tx > {OTHER} returning 1
"""
_TOLD = """
select (o.payload -> 'earned' ->> 'points')::int from delivery d
  join outbox o on (o.program_id, o.outbox_id) = (d.program_id, d.cause_id)
 where d.program_id = $1 order by d.delivery_id
"""


@pytest.fixture(scope="module")
def shop(database: Any) -> Iterator[Shop]:
    opened = Shop.open(database, SOURCE)
    yield opened
    opened.close()


def test_what_waited_while_the_house_moved_is_told(shop: Shop) -> None:
    shop.begin(SOURCE, slug=f"v{os.urandom(4).hex()}", now=NOON)
    shop.join(
        JoinMember(identifiers=(Identifier("external", "ada"), Identifier("email", "a@b.example")))
    )
    shop.ask(choose_messages, ChooseMessages("earned", "any"))
    plan(shop, 0)
    buys_for(shop, 1)
    plan(shop, 1)
    buys_for(shop, 2)  # waits while the house moves
    assert shop.rows(_ELSEWHERE) == [(1,)]
    buys_for(shop, 3)
    plan(shop, 3)
    assert shop.rows(_TOLD) == [(1,), (2,), (3,)]
    # In time the numbers here come to those of before; what was sent may be forgotten by then.
    assert len(shop.rows(_HOME)) == 3
    shop.rows("delete from delivery where program_id = $1 returning 1")
    shop.rows("update delivery_reach set below_tx = 0 where program_id = $1 returning 1")
    buys_for(shop, 4)
    plan(shop, 2)
    assert shop.rows(_TOLD) == [(3,), (4,)]


def test_while_nothing_happens_nothing_is_written(shop: Shop) -> None:
    shop.begin(SOURCE, slug=f"w{os.urandom(4).hex()}", now=NOON)
    shop.joined("ada")
    plan(shop, 0)
    asked = "select xmin::text, xmax::text from delivery_reach where program_id = $1"
    before = shop.rows(asked)
    plan(shop, 0)
    assert shop.rows(asked) == before
    shop.now += timedelta(minutes=1)
    plan(shop, 0)
    assert shop.rows(asked) != before


def buys_for(shop: Shop, points: int) -> None:
    shop.now += timedelta(minutes=1)
    shop.record(buys(by(external="ada"), points * 100))


def plan(shop: Shop, wanted: int) -> None:
    """Plans until so many are there; others in this database may be in their transactions."""
    for _ in range(60):
        for _ in range(4):
            shop.do(lambda tx, _: plan_deliveries(tx, KEYED, ["email"]))
        if len(shop.rows(_TOLD)) >= wanted:
            return
