"""What choosing among offers brought, beside giving everybody the same, or by chance, or nobody
anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.insight.estimators.comparing.rivals import Ahead, Tally, Way, Worth, ahead, worth
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.reading.widely import widely
from regulars.records.program.changes.choices.types import Choice

# Choices whose days are over and that were made with an expectation, each once: who was merged is
# the first of them. The half is drawn by a byte that chose nothing.
_TALLY: Final = """
with made as (
    select distinct on (1) coalesce(l.into_id, c.member_id) as member_id, c.cell, c.arm, c.best,
           c.chance, c.chosen_on,
           get_byte(sha256(uuid_send(c.choice_id) || uuid_send(c.member_id)), 8) & 1 as half
      from offer_choice_made c
      left join member_alias l on l.program_id = $1::int and l.member_id = c.member_id
     where c.program_id = $1::int and c.choice_id = $2::uuid and c.chosen_on + $4::int <= $3::date
     order by 1, c.at
), brought as (
    select m.cell, m.arm, m.best, m.chance, m.half, coalesce(sum(d.net_minor), 0) as minor
      from made m
      left join member_day d on d.program_id = $1::int and d.member_id = m.member_id
       and d.day >= m.chosen_on and d.day < m.chosen_on + $4::int
     group by m.member_id, m.cell, m.arm, m.best, m.chance, m.half
)
select cell, arm, best, chance, half, count(*) as many, sum(minor) as brought,
       sum(minor * minor) as brought_2
  from brought group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
"""


class Rival(Struct, frozen=True):
    """Another way of choosing; `arm` where everybody gets the same: its place, else nothing.

    Units: minor units of money a member; `more` is what choosing brought more than it.
    """

    way: Literal["always", "chance", "nobody"]
    arm: int | None
    brings: Worth | NotEnough
    more: Ahead


class Learned(Struct, frozen=True):
    """What choosing the best as it was expected brings, and how that compares.

    `over` choices have their days behind them, `informed` of them were made with an expectation:
    those are compared.
    """

    over: int
    informed: int
    brings: Worth | NotEnough
    rivals: tuple[Rival, ...]


async def learned(tx: Tx, one: Choice, today: date) -> Learned:
    """What a choice brought so far. Order: always the same one each, by chance, nobody."""
    await widely(tx)
    rows = await tx.fetch(_TALLY, tx.program_id, one.choice_id, today, one.days)
    return _learned(rows, one.among)


def _learned(rows: Sequence[Mapping[str, Any]], among: Sequence[UUID | None]) -> Learned:
    many, over = len(among), sum(row["many"] for row in rows)
    informed = [row for row in rows if row["best"] is not None]
    told = [_tally(row, many) for row in informed]
    way = [_always(many, row["best"]) for row in informed]
    rivals = [
        _rival("always", arm, told, way, [_always(many, arm)] * len(told)) for arm in range(many)
    ]
    chance = [[1 / many] * many] * len(told)
    rivals.append(_rival("chance", None, told, way, chance))
    if among[0] is None:
        rivals[0] = Rival("nobody", 0, rivals[0].brings, rivals[0].more)
    else:
        no = NotEnough("hold_out", 0, 1)
        rivals.append(Rival("nobody", None, no, Ahead(no, no, no)))
    return Learned(over, sum(row["many"] for row in informed), worth(told, way), tuple(rivals))


def _rival(
    name: Literal["always", "chance"], arm: int | None, told: Sequence[Tally], way: Way, other: Way
) -> Rival:
    return Rival(name, arm, worth(told, other), ahead(told, way, other))


def _always(many: int, arm: int) -> list[float]:
    return [float(each == arm) for each in range(many)]


def _tally(row: Mapping[str, Any], many: int) -> Tally:
    return Tally(
        row["many"], float(row["brought"]), float(row["brought_2"]), row["chance"] / (100 * many),
        row["cell"], row["arm"], row["half"],
    )  # fmt: skip
