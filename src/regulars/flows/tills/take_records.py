"""What tills told is kept first: proved, put in its place, dated; what it does to the books is
asked for afterwards, by whoever handed it in, under keys that make it happen once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.tills.commands import HandedIn, HandIn, HandInOutcome, ToldRecord, taken
from regulars.flows.tills.opening import opened
from regulars.records.tills import read, write
from regulars.records.tills.chain import Link, fits
from regulars.records.tills.clock import decide
from regulars.records.tills.signing import hash_of, is_signed, record_id
from regulars.records.tills.types import FORK, Till, TillRecord


class Book(Struct):
    """What one till recorded, while a hand-in of it is taken."""

    till: Till
    known: dict[UUID, TillRecord]
    placed: dict[int, Link]
    fresh: list[TillRecord] = []


async def take_records(tx: Tx, terms: Terms, batch: Sequence[HandIn]) -> list[HandInOutcome]:
    """Every record of these hand-ins is durable, once, whatever is wrong with it.

    Order: tills are locked in the order of their ids; records in the order of their numbers, so
    that it does not matter how a hand-in was shuffled. One that came before stands as it stood.
    A record that comes before an earlier one does not wait for it: it takes its place, and the
    earlier one is compared with it when it comes (ADR 0366).
    Keeps: `taken` for what may go on to the books; `quarantined` with its reason for what may not
    (`bad_signature`, `malformed`, `fork`, `suspended`, `unpaired`). A fork suspends its till.
    Faults: `not_found` for a till that is not there.
    """
    tills = await read.lock_tills(tx, [one.till_id for one in batch])
    before = dict(tills)
    outcomes: list[HandInOutcome] = []
    for command in batch:
        if command.till_id not in tills:
            outcomes.append(NotFound("There is no such till"))
            continue
        book = await _book(tx, tills[command.till_id], command)
        for record in sorted(command.records, key=lambda one: one.sequence):
            _take(tx, book, record)
        await tx.write(write.take(tx, book.fresh))
        tills[command.till_id] = book.till
        outcomes.append(_handed_in(book, command))
    await tx.write(write.see(tx, sorted(tills)))
    turned = [till for id_, till in tills.items() if till.state != before[id_].state]
    await tx.write([*write.turn(tx, turned), *opened(tx, turned)])
    return outcomes


async def _book(tx: Tx, till: Till, command: HandIn) -> Book:
    ids = [_id(till, one) for one in command.records]
    known = await read.records(tx, ids)
    placed = await read.placed(tx, till.till_id, [one.sequence for one in command.records])
    return Book(till, known, placed)


def _id(till: Till, told: ToldRecord) -> UUID:
    true = is_signed(till.public_key, told.signed, told.signature)
    return record_id(till.till_id, told.signed, None if true else told.signature or b"none")


def _take(tx: Tx, book: Book, told: ToldRecord) -> None:
    """One record: known, or fresh with its place or the reason why it has none."""
    till = book.till
    id_ = _id(till, told)
    if id_ in book.known:
        return
    record = _fresh(tx, till, told, id_)
    if id_ != record_id(till.till_id, told.signed):
        record = _aside(record, "bad_signature", "the signature is not this till's")
    elif told.sequence == 0:
        record = _aside(record, "malformed", told.ill)
    elif not fits(till.till_id, told.sequence, Link(record.hash, record.previous), book.placed):
        record = _aside(record, FORK, "another record has this place in what the till recorded")
        if till.state == "paired":
            book.till = replace(till, state="suspended", reason=FORK, changed_at=tx.now)
    else:
        record = _placed(book, record, told.ill)
    book.known[id_] = record
    book.fresh.append(record)


def _placed(book: Book, record: TillRecord, ill: str) -> TillRecord:
    book.placed[record.sequence] = Link(record.hash, record.previous)
    record = replace(record, placed=True)
    if ill:
        return _aside(record, "malformed", ill)
    if book.till.state != "paired":
        return _aside(record, book.till.state, f"the till was {book.till.state} when it told this")
    return record


def _fresh(tx: Tx, till: Till, told: ToldRecord, id_: UUID) -> TillRecord:
    when = decide(told.time, till.paired_at, tx.now)
    return TillRecord(
        record_id=id_,
        till_id=till.till_id,
        sequence=told.sequence,
        hash=hash_of(told.signed),
        previous=told.previous,
        placed=False,
        kind=told.kind,
        key=told.key,
        cashier=told.cashier,
        signed=told.signed,
        signature=told.signature,
        device_at=told.time.device_at,
        occurred_at=when.occurred_at,
        clock=when.clock,
        state="taken",
        recorded_at=tx.now,
        whom=told.whom,
    )


def _aside(record: TillRecord, reason: str, says: str) -> TillRecord:
    return replace(record, state="quarantined", reason=reason, says=says)


def _handed_in(book: Book, command: HandIn) -> HandedIn:
    fresh = {one.record_id for one in book.fresh}
    records = []
    for told in command.records:
        record = book.known[_id(book.till, told)]
        records.append(taken(record, again=record.record_id not in fresh))
    return HandedIn(book.till, tuple(records))
