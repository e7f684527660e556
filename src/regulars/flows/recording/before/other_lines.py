"""The lines by which a sale is told that was booked with others: another source told it before, or
its own tells it otherwise by now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.engine.returning.told_anew import anew, as_booked, stand_as_booked
from regulars.engine.returning.told_otherwise import Article, articles_of
from regulars.flows.batch.askings import Asking
from regulars.flows.commands import RecordActivity, Recorded
from regulars.flows.recording.before.lives import is_life_of
from regulars.records.activity import read as activities
from regulars.records.activity.types import Activity
from regulars.records.members.erasure.types import FORGOTTEN
from regulars.records.once.read import known
from regulars.records.once.types import Known, digest, natural_key
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


def is_told_by(sale: Activity, source: str, external_id: str) -> bool:
    """Whether a sale was booked as this source told it, under this receipt."""
    return sale.source == source and is_life_of(sale.external_id, external_id)


async def keep_lines_now(tx: Tx, told: Iterable[RecordActivity]) -> None:
    """Of these purchases that are in the books by now: the lines by which their source tells them,
    where they were booked with others. Where they are told as they were booked nothing is kept.

    Order: before what came back of them is decided; the newest words of a source count.
    Keeps: nothing of who was erased.
    """
    sales = {natural_key(one.source, one.external_id, one.kind): one for one in told}
    own = {key: lines_key(one.source, one.external_id) for key, one in sales.items()}
    found = await known(tx, [*own, *own.values()]) if own else {}
    there = {key: found[key] for key in own if key in found and found[key].content != FORGOTTEN}
    if not there:
        return
    whose = [one.member_id for one in there.values()]
    rows = await activities.some(tx, whose, [one.subject_id for one in there.values()])
    freed, kept = list[UUID](), list[Kept]()
    for key, one in there.items():
        first = rows.get(one.subject_id)
        lines = None if first is None else _others(sales[key], first)
        _settle(own[key], lines, (one, found.get(own[key])), (freed, kept))
    await tx.write(free(tx, sorted(freed)))
    await tx.write(keep(tx, kept))


def _settle(
    key: UUID,
    lines: Articles | None,
    known_as: tuple[Known, Known | None],
    rows: tuple[list[UUID], list[Kept]],
) -> None:
    """Keep these lines in the place of those that were kept before."""
    sale, before = known_as
    answer = None if lines is None else _encode(lines)
    if before is not None and before.answer != answer:
        rows[0].append(key)
    if answer is not None and (before is None or before.answer != answer):
        whose = (sale.member_id, sale.subject_id, answer)
        rows[1].append(Kept(key, digest("lines", answer), *whose))


def _others(command: RecordActivity, first: Activity) -> Articles | None:
    """The lines that are told, where they are others than were booked.

    Keeps: what is told in another currency than it was booked in says nothing by its amounts.
    """
    amount = command.amount_minor or 0
    if not is_told_by(first, command.source, command.external_id):
        lines = articles_of(command.body, amount)
        return None if lines == articles_of(first.body, first.amount_minor) else lines
    paid = first.body.paid_in
    if command.currency != (paid.currency if paid else ""):
        return None
    lines = anew(command.body, amount)
    return None if stand_as_booked(as_booked(first), lines) else lines


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
