"""The lines by which another source told a sale that was booked as somebody told it before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.engine.returning.told_otherwise import Article, articles_of
from regulars.flows.batch.askings import Asking
from regulars.flows.commands import RecordActivity, Recorded
from regulars.records.activity import read as activities
from regulars.records.once.read import known
from regulars.records.once.types import digest, natural_key
from regulars.records.once.write import Kept, free, keep

Articles = tuple[Article, ...]
_LINES: Final = "purchase/lines"
"""The kind under which lines are kept; no kind of an activity has a stroke in it."""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Articles).decode


def lines_key(source: str, external_id: str) -> UUID:
    """Under which key the lines of a receipt are kept, where they are others than were booked."""
    return natural_key(source, external_id, _LINES)


async def other_lines(tx: Tx, told: Iterable[RecordActivity]) -> dict[UUID, Articles]:
    """By the natural key of the sales that these returns of pieces name: the lines that are meant,
    where the sale was booked with others.

    Order: kept lines stand until the source tells the sale anew.
    """
    named = {
        lines_key(of.source, of.external_id): natural_key(of.source, of.external_id, "purchase")
        for one in told
        if one.body.returned
        and (of := one.sale) is not None
        and of.external_id
        and of.kind == "purchase"
    }
    found = await known(tx, list(named))
    return {named[key]: _decode(one.answer) for key, one in found.items()}


async def keep_other_lines(tx: Tx, asked: Sequence[Asking[RecordActivity]]) -> None:
    """Of what another source told first, the lines by which this one tells it: by them it says
    later what came back. Where they are the same nothing is kept.

    Order: after all is decided; the newest words of a source count.
    """
    passed = [one for one in asked if _is_passed(one)]
    if not passed:
        return
    whose = [one.outcome.member_id for one in passed]
    rows = await activities.some(tx, whose, [one.outcome.activity_id for one in passed])
    before = await known(tx, [_key(one) for one in passed])
    freed, kept = set[UUID](), dict[UUID, Kept]()
    for one in passed:
        first, key = rows.get(one.outcome.activity_id), _key(one)
        if first is None:
            continue
        lines = articles_of(one.command.body, one.command.amount_minor or 0)
        answer = _encode(lines)
        if key in before and before[key].answer != answer:
            freed.add(key)
        if lines == articles_of(first.body, first.amount_minor):
            kept.pop(key, None)
        elif key not in before or key in freed:
            told = (first.member_id, first.activity_id, answer)
            kept[key] = Kept(key, digest("lines", answer), *told)
    await tx.write(free(tx, sorted(freed)))
    await tx.write(keep(tx, list(kept.values())))


def _is_passed(one: Asking[RecordActivity]) -> bool:
    is_first = isinstance(one.outcome, Recorded) and one.outcome.first is not None
    return is_first and one.command.kind == "purchase" and bool(one.command.external_id)


def _key(one: Asking[RecordActivity]) -> UUID:
    return lines_key(one.command.source, one.command.external_id)
