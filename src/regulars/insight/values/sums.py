"""What values come to by each cut, everywhere and in each store: added up some members at a time.

The night adds it up as it keeps values, so that a report of ten million members reads a page of
sums; where none were kept yet, everybody is read at once by the same statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.insight.values.spread import COUNTED, OF, VALUED, YEAR, Cut, Sum

_Counted = tuple[int | None, ...]
_SUMS: Final = """
       count(*) as members, count(v.chance) as told, coalesce(sum(v.chance), 0)::bigint as chances,
       sum(v.worth_minor)::bigint as worth_minor,
       count(*) filter (where v.health = 'strong') as strong,
       count(*) filter (where v.health = 'steady') as steady,
       count(*) filter (where v.health = 'slipping') as slipping,
       count(*) filter (where v.health = 'lost') as lost"""
_VALUES: Final = f"""
v as materialized (
    select v.member_id, v.as_of, v.chance, v.worth_minor, v.health, {OF["health"]} as by_health,
           {OF["part"]} as by_part, {OF["chance"]} as by_chance, {OF["tier"]} as by_tier,
           {OF["rfm"]} as by_rfm
    {VALUED} and {{some_values}}
)"""
_CUT: Final = """
case grouping(by_health, by_part, by_chance, by_tier, by_rfm)
            when 15 then 'health' when 23 then 'part' when 27 then 'chance' when 29 then 'tier'
            when 30 then 'rfm' else 'all' end as cut,
       coalesce(by_health, by_part, by_chance, by_tier, by_rfm, '') as name"""
# Everybody is read once; each way of taking them apart is a grouping of that.
_EVERYWHERE: Final = f"""
with {_VALUES}
select null::text as store, {_CUT}, {_SUMS}
  from v
 group by grouping sets ((), (by_health), (by_part), (by_chance), (by_tier), (by_rfm))
"""  # noqa: S608 - a statement of ours
_IN_STORES: Final = f"""
with {_VALUES}, here as (
    select distinct d.store, v.*
      from v join member_day d on d.program_id = $1::int and d.member_id = v.member_id
     where d.orders > 0 and d.day > v.as_of - {YEAR} and d.day <= v.as_of
)
select v.store, {_CUT}, {_SUMS}
  from here v
 group by v.store,
       grouping sets ((), (by_health), (by_part), (by_chance), (by_tier), (by_rfm))
"""  # noqa: S608 - a statement of ours
# Two statements, not "or": one plan for both would read everybody for each portion.
_OF_SOME: Final = [
    one.format(some_values="v.member_id = any($2::uuid[])") for one in (_EVERYWHERE, _IN_STORES)
]
_OF_ALL: Final = [one.format(some_values="true") for one in (_EVERYWHERE, _IN_STORES)]
_ZEROS: Final[_Counted] = (0,) * len(COUNTED)
_UNSAID: Final[_Counted] = tuple(None if one == "worth_minor" else 0 for one in COUNTED)
"""Where adding up begins: worth is unsaid until there is one."""


class _Key(NamedTuple):
    store: str | None
    cut: Cut
    name: str


class Sums:
    """What some members' values come to; more are added.

    Keeps: added in any portions it is the same, as long as each member is in one of them.
    Example: ada bought in two stores: she is one of all, and one in each of the two.
    """

    def __init__(self) -> None:
        self._all: dict[_Key, _Counted] = {}

    async def add(self, tx: Tx, members: Sequence[UUID] | None = None) -> None:
        """Add these members' values as they are kept now; without any, everybody's."""
        for sql in _OF_ALL if members is None else _OF_SOME:
            args = () if members is None else (list(members),)
            for row in await tx.fetch(sql, tx.program_id, *args):
                store, cut, name, *counted = row.values()
                self._more(_Key(store, cut, name), counted)

    def _more(self, key: _Key, counted: Iterable[int | None]) -> None:
        before = self._all.get(key, _UNSAID)
        self._all[key] = tuple(
            a if b is None else b if a is None else a + b
            for a, b in zip(before, counted, strict=True)
        )

    def of(self, store: str | None) -> list[Sum]:
        """Everybody, or whoever ordered in that store; and each way of taking them apart."""
        found = []
        for key, these in self._all.items():
            if key.store == store:
                found.append(Sum(key.cut, key.name, *these))  # type: ignore[arg-type]
            if key.store is not None and key.cut == "all" and store in (None, key.store):
                found.append(Sum("store", key.store, *these))  # type: ignore[arg-type]
        return sorted(found, key=lambda one: (one.cut, one.name)) or unpacked([])

    @property
    def spread(self) -> dict[str, int | None]:
        """What all of them come to, as each night keeps it for good."""
        every = self._all.get(_Key(None, "all", ""), _ZEROS)
        return dict(zip(COUNTED, every, strict=True))

    @property
    def cuts(self) -> dict[str, Any]:
        """All of it as the last night keeps it: `all`, and of each store `in` it."""
        stores = sorted({key.store for key in self._all if key.store is not None})
        return {"all": self.of(None), "in": {store: self.of(store) for store in stores}}


def unpacked(kept: Sequence[Sequence[Any]]) -> list[Sum]:
    """Sums as they were kept of everybody or of a store; in a store nobody ordered in, nobody."""
    return [Sum(*one) for one in kept] or [Sum("all", "", *_ZEROS)]  # type: ignore[arg-type]
