"""A house that moves to another cluster, where transactions are numbered anew."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.makers import NOON, Shop
from tests.runtime.working.hooks.town import BY
from tests.runtime.working.senders.test_messages import SOURCE

from regulars.flows.telling.hooks.keep_hooks import (
    ChangeHook,
    MakeHook,
    change_hooks,
    make_hooks,
)
from regulars.flows.telling.hooks.plan_sendings import plan_sendings
from regulars.records.outbox.write import Told, tell

EARNED, CHANGED = "points.earned", "tier.changed"
OTHER = 1 << 50
"""The numbers of the cluster before were far higher."""
_ELSEWHERE = f"""
with seen as (update outbox set recorded_tx = recorded_tx + {OTHER} where program_id = $1),
     wished as (update hook_wish set from_tx = from_tx + {OTHER}, until_tx = until_tx + {OTHER}
                 where program_id = $1)
update hook_reach set below_tx = below_tx + {OTHER}, cluster = 1 where program_id = $1 returning 1
"""
_HOME = f"""
update outbox set recorded_tx = recorded_tx - {OTHER}
 where program_id = $1 and recorded_tx > {OTHER} returning 1
"""
_PLANNED = """
select o.type, o.sequence from hook_sending s
  join outbox o on (o.program_id, o.outbox_id) = (s.program_id, s.event_id)
 where s.program_id = $1 order by s.position
"""


@pytest.fixture(scope="module")
def shop(database: Any) -> Iterator[Shop]:
    opened = Shop.open(database, SOURCE)
    yield opened
    opened.close()


def test_a_move_loses_nothing_and_sends_nothing_of_before(shop: Shop) -> None:
    shop.begin(SOURCE, slug=f"m{os.urandom(4).hex()}", now=NOON)
    tells = Tells(shop, uuid4())
    tells(1, EARNED)  # before there was a webhook
    shop.now += timedelta(hours=1)
    wish = MakeHook("Warehouse", "https://house.example", (EARNED, CHANGED), BY)
    hook = shop.do(lambda tx, _: make_hooks(tx, [wish]))[0].hook
    tells(2, CHANGED)
    plan(shop, 1)
    fewer = ChangeHook(hook.hook_id, BY, types=(EARNED,))
    shop.do(lambda tx, _: change_hooks(tx, [fewer]))
    tells(3, CHANGED)  # no longer wanted
    tells(4, EARNED)  # waits while the house moves
    assert shop.rows(_ELSEWHERE) == [(1,)]
    shop.now += timedelta(hours=1)
    tells(5, EARNED)
    tells(6, CHANGED)
    plan(shop, 3)
    heard = [(CHANGED, 2), (EARNED, 4), (EARNED, 5)]
    assert shop.rows(_PLANNED) == heard
    # In time the numbers here come to those of before; what was settled may be forgotten by then.
    shop.rows("delete from hook_sending where program_id = $1 and position = 2 returning 1")
    assert len(shop.rows(_HOME)) == 4
    shop.rows("update hook_reach set below_tx = 0 where program_id = $1 returning 1")
    tells(7, EARNED)
    plan(shop, 3)
    assert shop.rows(_PLANNED) == [heard[0], heard[2], (EARNED, 7)]


def test_while_nothing_happens_nothing_is_written(shop: Shop) -> None:
    shop.begin(SOURCE, slug=f"q{os.urandom(4).hex()}", now=NOON)
    wish = MakeHook("Warehouse", "https://house.example", (EARNED,), BY)
    shop.do(lambda tx, _: make_hooks(tx, [wish]))
    Tells(shop, uuid4())(1, EARNED)
    plan(shop, 1)
    asked = "select xmin::text, xmax::text from hook_reach where program_id = $1"
    before = shop.rows(asked)
    for _ in range(3):
        shop.do(lambda tx, _: plan_sendings(tx))
    assert shop.rows(asked) == before
    shop.now += timedelta(minutes=1)
    shop.do(lambda tx, _: plan_sendings(tx))
    assert shop.rows(asked) != before


class Tells:
    """Writes down events of one member."""

    def __init__(self, shop: Shop, who: UUID) -> None:
        self.shop, self.who = shop, who

    def __call__(self, sequence: int, type_: str) -> None:
        self.shop.now += timedelta(minutes=1)
        told = Told(self.who, sequence, type_, "{}")
        self.shop.do(lambda tx, _: tx.write(tell(tx, [told])))


def plan(shop: Shop, wanted: int) -> None:
    """Plans until so many are there; others in this database may be in their transactions."""
    for _ in range(60):
        while shop.do(lambda tx, _: plan_sendings(tx)):
            pass
        if len(shop.rows(_PLANNED)) >= wanted:
            return
