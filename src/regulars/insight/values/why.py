"""Why a member is as they are: what they did, beside what is usual for them, good or bad."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.values.slips import LESS
from regulars.records.access.staff.read import chosen
from regulars.records.standing.alerts.read import Lately, lately
from regulars.records.standing.values import read
from regulars.records.standing.values.read import Bought
from regulars.records.standing.values.types import Value

COARSE: Final = 0.03
"""Where chances were further off than this on the shop's own past, none is said by itself."""
BANDS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {"strong": (750, 1_000), "steady": (400, 750), "slipping": (100, 400), "lost": (0, 100)}
)
"""Between which chances each health lies, in thousandths (`reckoning.healths`)."""
Sort = Literal["days_away", "orders", "spent", "orders_ever", "spent_each"]
Speaks = Literal["for", "against", ""]


class Why(Struct, frozen=True):
    """One reason: what there is beside what is usual, and whether it speaks for a next order.

    Units: days, orders in 90 days (beside the 90 before), minor units; of `orders_ever` and
    `spent_each` nothing is usual.
    Example: `days_away` 12 beside 19 speaks for it: they are not late.
    """

    sort: Sort
    have: int
    usual: int | None = None
    speaks: Speaks = ""


class Beside(NamedTuple):
    """What is said beside a value: the shop's margin in percent (0: none), by which model it was
    reckoned, what they bought, and the reasons."""

    margin: int
    model: str
    bought: Bought | None
    reasons: tuple[Why, ...]
    off: float = 0.0
    """How far off chances were on the shop's own past."""
    unvalued: NotEnough | None = None
    """Why nobody in this shop is said to be worth anything."""
    interest: int = 10
    """By how many percent a year what comes later counts less."""

    def chance(self, value: Value) -> tuple[int, int] | int | None:
        """The chance of an order within 90 days in thousandths; from where to where it lies where
        chances were too far off to say one, and nothing where nothing tells it.

        Example: slipping members of a shop whose chances were off by 0.05 are from 100 to 400.
        """
        if value.chance is None or value.health is None or self.off <= COARSE:
            return value.chance
        return BANDS[value.health]


def whys(value: Value, did: Lately | None, bought: Bought | None) -> tuple[Why, ...]:
    """Three reasons, of whom so much is known: how long ago, how often, for how much.

    Order: what they did lately; of whom nothing was seen in half a year, what they did in all.
    """
    gap = value.gap
    late: Speaks = "" if gap is None else "for" if value.since <= gap else "against"
    found = [Why("days_away", value.since, gap, late)]
    if did is not None and (did.orders or did.before):
        often: Speaks = _speaks(did.orders, did.before, 1.0)
        found.append(Why("orders", did.orders, did.before, often))
        found.append(Why("spent", did.net, did.net_before, _speaks(did.net, did.net_before, LESS)))
    elif bought is not None and bought.orders > 0:
        found.append(Why("orders_ever", bought.orders))
        found.append(Why("spent_each", bought.net_minor // bought.orders))
    return tuple(found)


def _speaks(have: int, before: int, less: float) -> Speaks:
    """More than before speaks for them, less than this part of it against them."""
    if have > before:
        return "for"
    return "against" if have < less * before else ""


async def beside(tx: Tx, found: Sequence[Value]) -> Mapping[UUID, Beside]:
    """What is said beside the values of these members, all of one night."""
    if not found:
        return {}
    ids = [one.member_id for one in found]
    did, bought = await lately(tx, ids, found[0].as_of), await read.bought(tx, ids)
    run, margin = await read.last_run(tx), (await chosen(tx)).of("margin_percent")
    model = run.model if run is not None else ""
    off = float(((run and run.found.get("judged")) or {}).get("off") or 0)
    unvalued = run.found.get("unvalued") if run is not None else None
    lacks = NotEnough(**unvalued) if unvalued else None
    return {
        one.member_id: Beside(
            margin,
            model,
            bought.get(one.member_id),
            whys(one, did.get(one.member_id), bought.get(one.member_id)),
            off,
            lacks,
            int((run and run.found.get("interest", 10)) or 0),
        )
        for one in found
    }
