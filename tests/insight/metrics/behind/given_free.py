"""What members got without paying points for it, laid into the books as the flows write it."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from tests.makers import Shop

from regulars.base.ids import first_id

_TAKEN: Final = """
insert into redemption (program_id, member_id, redemption_id, reward, version, terms, state, store,
                        channel, actor, opened_at, lapses_at, closed_at)
select $1::int, i.member_id, $3::uuid, 'mug', 1,
       jsonb_build_object('name', 'Mug', 'price', $4::text::jsonb, 'worth_minor', 900,
                          'cost_minor', $5::int),
       $6::text, '', '', 'till', $7::timestamptz, $7, $7
  from identifier i where i.program_id = $1::int and i.kind = 'external' and i.value = $2::text
"""
_USED: Final = """
insert into benefit_use (program_id, member_id, use_id, benefit, version, terms, state, store,
                         channel, sku, details, actor, used_at, undone_at, from_at,
                         place)
select $1::int, i.member_id, $3::uuid, 'lounge', 1,
       jsonb_build_object('name', 'Lounge', 'worth_minor', 900, 'cost_minor', $4::int),
       $5::text, '', '', '', '{}', 'till', $6::timestamptz,
       case when $5::text = 'undone' then $6::timestamptz end, $7::timestamptz,
       case when $7::timestamptz is not null then 1 end
  from identifier i where i.program_id = $1::int and i.kind = 'external' and i.value = $2::text
"""


def id_at(at: datetime) -> UUID:
    """An id of this instant, and no other one's."""
    return UUID(int=first_id(at).int | (uuid4().int & ((1 << 62) - 1)))


def takes(
    shop: Shop, name: str, cost_minor: int, price: str = "{}", state: str = "captured"
) -> None:
    """A reward that costs the shop so much is handed over now."""
    shop.rows(_TAKEN, name, id_at(shop.now), price, cost_minor, state, shop.now)


def uses(
    shop: Shop, name: str, cost_minor: int, state: str = "used", on: datetime | None = None
) -> None:
    """A benefit that costs the shop so much is used now, or booked for another time."""
    shop.rows(_USED, name, id_at(shop.now), cost_minor, state, shop.now, on)
