"""What another system that writes to members may know of them: names, points, tier, worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.base.tx import Tx

# What lapsed by now cannot be spent, whether or not the night's work was done. Who was merged
# stands under another one, and who was erased is nobody.
_PEOPLE: Final = """
select m.member_id, m.given_name, m.family_name, m.locale, m.joined_at,
       m.attributes::text as attributes, s.tier, s.tier_until, e.value as email, p.value as phone,
       coalesce(b.points, '{}')::text as points,
       v.chance, v.worth_minor, v.health, v.worth, v.as_of
  from member m
  left join standing s using (program_id, member_id)
  left join member_value v using (program_id, member_id)
  left join lateral (
       select i.value from identifier i
        where i.program_id = m.program_id and i.member_id = m.member_id and i.kind = 'email'
        order by i.linked_at, i.value limit 1) e on true
  left join lateral (
       select i.value from identifier i
        where i.program_id = m.program_id and i.member_id = m.member_id and i.kind = 'phone'
        order by i.linked_at, i.value limit 1) p on true
  left join lateral (
       select json_object_agg(c.name, a.available - a.debt - coalesce((
                select sum(o.remaining - o.pinned)::bigint from lot o
                 where o.program_id = a.program_id and o.member_id = a.member_id
                   and o.wallet = a.wallet and o.remaining > 0 and o.state = 'open'
                   and o.expires_at <= $3::timestamptz), 0)) as points
         from balance a
         join program_code c on c.program_id = a.program_id and c.kind = 'wallet'
                            and c.code = a.wallet
        where a.program_id = m.program_id and a.member_id = m.member_id) b on true
 where m.program_id = $1::int and m.member_id = any($2::uuid[])
   and m.state not in ('merged', 'erased')
"""
_attributes = msgspec.json.Decoder(dict[str, bool | int | str]).decode
_points = msgspec.json.Decoder(dict[str, int]).decode


class Marketed(Struct, frozen=True):
    """A member as a system sees them that writes to them.

    Units: `points` by wallet, at each wallet's scale; `chance` of an order within 90 days in
    thousandths, `worth_minor` of the next twelve months in minor units: both as of `as_of`.
    """

    member_id: UUID
    given_name: str
    family_name: str
    locale: str
    joined_at: datetime
    attributes: dict[str, bool | int | str]
    tier: str | None
    tier_until: datetime | None
    email: str | None
    phone: str | None
    points: dict[str, int]
    chance: int | None
    worth_minor: int | None
    health: str | None
    worth: str | None
    as_of: date | None

    @property
    def reachable(self) -> bool:
        """Whether anybody could write to them."""
        return bool(self.email or self.phone)


async def marketed(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Marketed]:
    """These members, as far as they are somebody."""
    if not ids:
        return {}
    rows = await tx.fetch(_PEOPLE, tx.program_id, list(ids), tx.now)
    return {row["member_id"]: _marketed(row) for row in rows}


def _marketed(row: Mapping[str, Any]) -> Marketed:
    told = dict(row.items())
    told["attributes"] = _attributes(told["attributes"])
    told["points"] = _points(told["points"])
    return Marketed(**told)
