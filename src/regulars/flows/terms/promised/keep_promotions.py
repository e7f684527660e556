"""A promotion is a rule of the program: made, it is published with it; canceled, without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from regulars.base.alone import Alone, waiting_for
from regulars.base.faults import Fault, NotFound, Refused
from regulars.base.tx import Tx
from regulars.flows.batch.askings import askings, kept, sort_out
from regulars.flows.terms.publish_program import Aside, Said, at_once, publish_program
from regulars.records.activity.types import NOBODY
from regulars.records.members.types import Asked
from regulars.records.once.write import keep
from regulars.records.program import read as programs
from regulars.records.program.changes.promotions import read, write
from regulars.records.program.changes.promotions.types import PREFIX, Kind, Promotion
from regulars.records.program.parsing.editing import UneditableError, add, remove
from regulars.records.program.read import Published
from regulars.records.program.reading import read_program

MOST_LIVE: Final = 10
_LOCK: Final = waiting_for(Alone.PUBLISHING)
_GROUP: Final = "promotions"


class MakePromotion(Struct, frozen=True, omit_defaults=True):
    """A promotion is wanted: the rule that gives it, and the words it was told in (JSON)."""

    rule: str
    kind: Kind
    told: str
    starts_on: date
    ends_on: date | None
    asked: Asked = Asked()


class Made(Struct, frozen=True, omit_defaults=True):
    """A promotion that was made."""

    promotion_id: str
    replayed: bool = False


async def make_promotion(
    tx: Tx, wish: MakePromotion, aside: Aside = at_once
) -> Made | Refused | Fault:
    """Publish the program with one more rule, from now on; once.

    Order: of several that match the one made last gives, so each has a higher priority than those
    before it. What ended is taken out of the file on the way.
    Refuses: more than ten at once; two kinds at once, of which the program could not give the one
    made last alone; a file that only its author can change, or that is to change soon anyway.
    """
    await tx.fetch(_LOCK, tx.program_id)
    (item,) = askings("make_promotion", [wish], lambda _: None)
    await sort_out(tx, [item], Made)
    if not item.open:
        before: Made | Fault = item.outcome
        return before
    latest = (await programs.versions(tx))[-1]
    earlier = await read.promotions(tx)
    today = _today(latest, tx.now)
    no = _refused(latest, earlier, wish, tx.now, today)
    if no is not None:
        return no
    one = Promotion(
        promotion_id=f"{PREFIX}{tx.new_id().hex[-16:]}",
        kind=wish.kind,
        told=wish.told,
        starts_on=wish.starts_on,
        ends_on=wish.ends_on,
        made_at=tx.now,
    )
    gone = {each.promotion_id for each in earlier if not each.is_live(today)}
    try:
        source = _with(_without(latest.source, gone), one, msgspec.json.decode(wish.rule))
    except UneditableError as why:
        return _uneditable(why)
    meant = _meant([*earlier, one])
    done = await publish_program(tx, source, by=wish.asked.principal, said=meant, aside=aside)
    item.outcome = made = Made(one.promotion_id)
    await tx.write([*write.make(tx, one), *keep(tx, kept(item, NOBODY, UUID(int=done.version)))])
    return made


async def cancel_promotion(
    tx: Tx, promotion_id: str, by: str, aside: Aside = at_once
) -> Promotion | Refused | Fault:
    """Publish the program without the rule of this promotion, from now on."""
    await tx.fetch(_LOCK, tx.program_id)
    found = {one.promotion_id: one for one in await read.promotions(tx)}
    one = found.get(promotion_id)
    if one is None:
        return NotFound("there is no such promotion here", field="/promotion_id")
    latest = (await programs.versions(tx))[-1]
    if not one.is_live(_today(latest, tx.now)):
        return _no("this promotion is over")
    if latest.effective_from > tx.now:
        return _planned()
    try:
        source = _without(latest.source, {promotion_id})
    except UneditableError as why:
        return _uneditable(why)
    await publish_program(tx, source, by=by, said=_meant(found.values()), aside=aside)
    await tx.write(write.cancel(tx, promotion_id))
    return replace(one, canceled_at=tx.now)


def _refused(
    latest: Published,
    before: Sequence[Promotion],
    wish: MakePromotion,
    now: datetime,
    today: date,
) -> Refused | None:
    live = [one for one in before if one.is_live(today)]
    if latest.effective_from > now:
        return _planned()
    if len(live) >= MOST_LIVE:
        return _no(f"{MOST_LIVE} promotions at once are the most")
    if any(one.kind != wish.kind for one in live):
        says = "a promotion that multiplies and one that adds cannot be live at once; cancel one"
        return _no(says)
    return None


def _meant(some: Iterable[Promotion]) -> Said:
    """Whoever makes a promotion there is asked nothing more: what it gives is meant."""
    return Said(accept=tuple(f"unbounded:{one.promotion_id}" for one in some))


def _no(says: str) -> Refused:
    return Refused("no_promotion", says)


def _planned() -> Refused:
    return _no("another version of the program is planned; wait for it")


def _uneditable(why: UneditableError) -> Refused:
    says = f"the program file can be changed by its author only: {why}"
    return _no(says)


def _today(latest: Published, now: datetime) -> date:
    return now.astimezone(ZoneInfo(read_program(latest.source).zone)).date()


def _with(source: str, one: Promotion, rule: dict[str, Any]) -> str:
    rules = read_program(source).rules
    mine = [each.priority for each in rules if each.id.startswith(PREFIX)]
    priority = max(mine, default=0) + 1
    head = {"id": one.promotion_id, **rule}
    return add(source, ("rules",), {**head, "group": _GROUP, "priority": priority})


def _without(source: str, gone: set[str]) -> str:
    for place, rule in reversed(list(enumerate(read_program(source).rules))):
        if rule.id in gone:
            source = remove(source, ("rules", place))
    return source
