"""The real flows in real transactions on PostgreSQL, with a clock that moves when told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

import msgspec
from tests.makers import Shop
from tests.model.commands import answer, command
from tests.model.events import (
    Adjusts,
    Answer,
    Confirms,
    Ends,
    Event,
    Happens,
    Joins,
    Night,
    Picture,
    Publishes,
    Reserves,
    Returns,
)  # fmt: skip
from tests.model.pictures import counters, in_order
from tests.model.programs import written

from regulars.flows.commands import Redeemed
from regulars.records.program.reading import read_program

_numbers = count(1)
_MEMBERS = """
select i.value, s.tier, s.tier_until,
  (select coalesce(json_agg(json_build_array(c.name, b.available, b.pending, b.held, b.debt,
                                             b.earned) order by c.name), '[]')
     from balance b join program_code c
       on c.program_id = b.program_id and c.kind = 'wallet' and c.code = b.wallet
    where b.program_id = $1 and b.member_id = i.member_id)::text,
  array(select row(c.name, l.amount, l.remaining, l.pinned, l.expires_at, l.state = 'pending',
                   l.activates_at, l.cancels_at)
     from lot l join program_code c
       on c.program_id = l.program_id and c.kind = 'wallet' and c.code = l.wallet
    where l.program_id = $1 and l.member_id = i.member_id and l.remaining > 0),
  (select coalesce(json_agg(json_build_array(c.name, n.period, n.value)), '[]')
     from counter n join program_code c
       on c.program_id = n.program_id and c.kind = 'counter' and c.code = n.counter
    where n.program_id = $1 and n.member_id = i.member_id)::text
  from identifier i join standing s on s.program_id = i.program_id and s.member_id = i.member_id
 where i.program_id = $1 and i.kind in ('external', 'card')
"""
_STOCK = "select reward, remaining from reward_stock where program_id = $1"
_decode = msgspec.json.Decoder().decode


class OnPostgreSQL:
    """One shop of a database, served by the flows themselves."""

    once = True

    def __init__(self, shop: Shop, source: str, now: datetime) -> None:
        self.shop = shop
        self.slug = f"model-{next(_numbers)}"
        self.redemptions: dict[str, UUID] = {}
        shop.begin(self._own(source), now=now)

    def close(self) -> None:
        """The shop stays in the database for `verify` to look at."""

    def do(self, now: datetime, event: Event) -> Answer:
        return self.do_all(now, [event])[0]

    def do_all(self, now: datetime, events: Sequence[Event]) -> list[Answer]:
        """Bring events of one kind about as one batch; what each answers."""
        self.shop.now = now
        first = events[0]
        if isinstance(first, Publishes):
            self.shop.publish(self._own(first.source), effective_from=first.at)
            return [Answer("published")]
        if isinstance(first, Night):
            self.shop.night(most=2)
            return [Answer("night")]
        commands = [command(event, self.redemptions) for event in events]
        outcomes = self._flow(first)(*commands)
        for event, outcome in zip(events, outcomes, strict=True):
            if isinstance(event, Reserves) and isinstance(outcome, Redeemed):
                self.redemptions.setdefault(event.name, outcome.redemption_id)
        return [answer(outcome) for outcome in outcomes]

    def pictures(self) -> dict[str, Picture]:
        return {row[0]: _picture(row) for row in self.shop.rows(_MEMBERS)}

    def stock(self) -> dict[str, int]:
        return dict(self.shop.rows(_STOCK))  # type: ignore[arg-type]

    def _own(self, source: str) -> str:
        """The same program under this shop's own name."""
        return written(msgspec.structs.replace(read_program(source), program=self.slug))

    def _flow(self, event: Event) -> Any:
        shop = self.shop
        flows = {
            Joins: shop.join, Happens: shop.record, Returns: shop.record, Reserves: shop.redeem,
            Ends: shop.settle, Adjusts: shop.adjust, Confirms: shop.confirm,
        }  # fmt: skip
        return flows[type(event)]  # type: ignore[index]


def _picture(row: tuple[Any, ...]) -> Picture:
    _, tier, until, balances, lots, kept = row
    return Picture(
        tuple(tuple(each) for each in _decode(balances) if any(each[1:])),
        tuple(sorted([tuple(lot) for lot in lots], key=str)),
        tier,
        until,
        in_order(counters(_decode(kept))),
    )
