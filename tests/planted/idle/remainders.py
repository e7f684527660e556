"""Fractions that rounding keeps are had again from the deeds, however these came and came back."""

from __future__ import annotations

import os
import random
from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.flows.points.sharing import member_id
from tests.makers import NOON, Shop, brings_back, buys, by, line, named

from regulars.engine.terms import Terms
from regulars.flows.commands import History, MemberRef
from regulars.flows.importing.commands import OpenCount
from regulars.flows.importing.open_counts import open_counts
from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.merge_members import merge_members
from regulars.records.members.types import EraseMember
from regulars.runtime.checking.rebuild import rebuild
from regulars.runtime.checking.remainders import REMAINDERS

KEEPING = """
regulars: 1
program: keeping
name: Keeping
currency: EUR
zone: Europe/Berlin
wallets:
  drops: {rounding: {carry: true}, negative: debt}
  days: {rounding: {scope: day, mode: half_up, step: 2}}
  capped: {rounding: {carry: true}}
tiers:
  steps: [{id: silver, at: "30.00"}]
rules:
  - {id: drop, on: purchase, wallet: drops, award: {give: per_amount, points: 1, per: "3.00"}}
  - {id: more, on: purchase, wallet: drops, when: {if: tier, at_least: silver},
     award: {give: per_amount, points: 1, per: "7.00"}}
  - {id: oat, on: purchase, wallet: drops, when: {if: member, attribute: milk, in: [oat]},
     award: {give: per_amount, points: 1, per: "1.10"}}
  - {id: day, on: purchase, wallet: days, award: {give: per_amount, points: 1, per: "0.70"}}
  - {id: cap, on: purchase, wallet: capped, award: {give: per_amount, points: 1, per: "0.90"},
     limits: [{per: day, points: 9}]}
  - {id: caps, on: purchase, wallet: capped, when: {if: tier, at_least: silver},
     award: {give: per_amount, points: 1, per: "0.50"}}
budgets: [{id: all, wallet: capped, per: month, points: 60}]
"""
NAMES = ("ada", "ben", "cem")
_COUNTERS = """
select c.member_id, c.counter, c.period, c.value from counter c
  join program_code k on k.program_id = c.program_id and k.kind = 'counter' and k.code = c.counter
 where c.program_id = $1 and k.name like 'remainder:%' and c.value <> 0 order by 1, 2, 3
"""
_DROPS = "remainder:drops"
_ONE_MORE = """
update counter c set value = c.value + 1 from identifier i
 where c.program_id = $1 and c.counter = any($2::int[]) and i.program_id = c.program_id
   and i.member_id = c.member_id and i.kind = 'external' and i.value = any($3::text[])
"""


def walked(shop: Shop, seed: int) -> list[MemberRef]:
    """Purchases of several lines, told in and out of order, returned in parts and whole."""
    chance = random.Random(seed)
    people = shop.joined(*NAMES, joined_at=NOON - timedelta(days=9))
    left: dict[str, list[int]] = {}
    for place in range(40):
        shop.now += timedelta(hours=chance.randint(1, 9))
        if left and chance.random() < 0.4:
            receipt = chance.choice(sorted(left))
            at = chance.randrange(2)
            if not left[receipt][at]:
                continue
            count = chance.randint(1, left[receipt][at])
            left[receipt][at] -= count
            shop.record(brings_back(receipt, (at, count), receipt=f"b{place}"))
            continue
        receipt = f"r{place}"
        pieces = [chance.randint(1, 3), chance.randint(1, 2)]
        lines = [line(pieces[at] * chance.randint(31, 499), quantity=pieces[at]) for at in (0, 1)]
        late = timedelta(hours=chance.choice((0, 0, 0, 30, 100)))
        told: Any = {"occurred_at": shop.now - late}
        shop.record(buys(chance.choice(people), *lines, receipt=receipt, **told))
        left[receipt] = pieces
    return people


def otherwise(shop: Shop) -> None:
    """Two who become one, somebody who is forgotten, and somebody who was elsewhere before."""
    names = ("dan", "eve", "fay", "gus")
    for one in shop.joined(*names, attributes={"milk": "oat"}):
        shop.record(buys(one, 1234, receipt=f"of-{one.external}"))
    shop.ask(merge_members, MergeMembers(by(external="dan"), by(external="eve"), "one", "mia"))
    shop.ask(erase_members, EraseMember(member_id(shop, "fay")))
    (drops,) = (name for name in shop.terms.counters if name.startswith(_DROPS))
    before = OpenCount(drops, 0, 7, by(external="gus"))
    shop.do(lambda tx, terms: open_counts(tx, terms, [before], History(UUID(int=9))))


def remainders_are_had_again(shop: Shop) -> None:
    slug = f"keeping-{os.getpid()}"
    shop.begin(named(KEEPING, slug), slug=slug)
    walked(shop, 2)
    otherwise(shop)
    right = shop.rows(_COUNTERS)
    assert len(right) > 5, right
    assert differing(shop) == []
    shop.do(spoilt(*NAMES))
    assert len(differing(shop)) == len(NAMES)
    shop.run(rebuild(shop.made.owner_dsn, repair=True))
    assert shop.rows(_COUNTERS) == right


ALONE = {"remainders_are_had_again": remainders_are_had_again}


def differing(shop: Shop) -> list[Any]:
    """Where fractions are not what they should be, of the program at hand."""

    async def look() -> list[Any]:
        found = (await rebuild(shop.made.owner_dsn, repair=False)).differences
        return [
            one.row
            for one in found
            if one.cache == REMAINDERS and one.row["program_id"] == shop.program_id
        ]

    return shop.run(look())


def spoilt(*names: str) -> Any:
    """Of these members one grain more is kept in `drops` than was left there."""

    async def act(tx: Any, terms: Terms) -> None:
        codes = [code for name, code in terms.counters.items() if name.startswith(_DROPS)]
        await tx.fetch(_ONE_MORE, tx.program_id, codes, list(names))

    return act
