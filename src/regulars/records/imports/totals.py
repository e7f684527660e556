"""What the lines of an import add up to, before anything is booked."""

from __future__ import annotations

from typing import Any, Final

from regulars.base.tx import Tx

_GROUPS: Final = """
select part, label, count(*) as lines, sum(units)::bigint as units from staged
 group by part, label order by part, label
"""
_EXPIRING: Final = """
select label as wallet, to_char(ends at time zone $1::text, 'YYYY-MM') as month,
       sum(units)::bigint as units
  from staged where part in (5, 7) and ends is not null
   and (part = 5 or not exists (select from staged where part = 5))
 group by 1, 2 order by 1, 2
"""
_TIMES: Final = "select min(at) as first, max(at) as last from staged where part = 6"


async def add_up(tx: Tx, zone: str) -> dict[str, Any]:
    """Members, names, consents, tiers, points per wallet and month of lapse, and activities."""
    groups: dict[int, dict[str, tuple[int, int]]] = {}
    for row in await tx.fetch(_GROUPS):
        groups.setdefault(row["part"], {})[row["label"]] = (row["lines"], row["units"])
    lines = {part: {label: n for label, (n, _) in group.items()} for part, group in groups.items()}
    lots = groups.get(5) or groups.get(7) or {}
    times = (await tx.fetch(_TIMES))[0]
    expiring: dict[str, dict[str, int]] = {}
    for row in await tx.fetch(_EXPIRING, zone):
        expiring.setdefault(row["wallet"], {})[row["month"]] = row["units"]
    return {
        "members": sum(lines.get(1, {}).values()),
        "identifiers": sum(lines.get(2, {}).values()),
        "consents": lines.get(3, {}),
        "tiers": lines.get(4, {}),
        "points": {wallet: units for wallet, (_, units) in lots.items()},
        "expiring": expiring,
        "activities": lines.get(6, {}),
        "amount_minor": sum(units for _, units in groups.get(6, {}).values()),
        "first_at": times["first"],
        "last_at": times["last"],
    }
