"""Lines that tell what happened: purchases, returns, visits and whatever else has a kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.base.faults import Fault
from regulars.flows.commands import RECORD, RecordActivity
from regulars.records.activity import checks
from regulars.records.activity.foreign import told_whole
from regulars.records.activity.types import (
    Body,
    Detail,
    Line,
    PaidIn,
    Payment,
    ReturnedLine,
    SaleRef,
)
from regulars.records.imports.types import Part, StagedLine
from regulars.records.once.types import digest, key_of, natural_key
from regulars.surfaces.connect.moving.fields import (
    NOBODY_NAMED,
    Columns,
    Ref,
    Staged,
    Teller,
    Values,
    lane_of,
    member_key,
    needed,
    our_id,
)
from regulars.surfaces.connect.moving.mapping import REFS
from regulars.surfaces.connect.moving.people import in_time
from regulars.surfaces.connect.moving.wrong import Wrong

LONGEST_TEXT = 200
_pack = msgspec.msgpack.Encoder(order="deterministic").encode
"""As booking packs what it is asked, so that a dry run knows what the books would say to it."""


class _Reading(Struct):
    """The fields of an activity, ready to be read."""

    at: Columns
    ref: Callable[[Values], Ref]
    kind: Callable[[Values], str]
    kind_column: str
    source: Callable[[Values], str]
    receipt: Callable[[Values], str]
    own_id: Callable[[Values], str]
    sale: Callable[[Values], str]
    sale_kind: Callable[[Values], str]
    occurred: Callable[[Values], datetime | None]
    occurred_column: str
    store: Callable[[Values], str]
    channel: Callable[[Values], str]
    amount: Callable[[Values], int | None]
    currency: Callable[[Values], str]
    body: Callable[[Values], Body]


def activities(at: Columns) -> Teller:
    """Each line happened once, at its own moment; whom it names may be nobody."""
    reading = _reading(at)

    def tell(line: int, values: Values) -> list[Staged]:
        _check_currency(reading, values)
        who = reading.ref(values)
        command = _command(reading, values, who)
        amount = _amount(reading, command)
        receipt = natural_key(command.source, command.external_id, command.kind)
        sale_key = _sale_key(command.sale)
        key = who.key if who.member else _key_of_nobody(command)
        packed = _pack(command)
        told = (key, command.occurred_at, receipt, sale_key, digest(RECORD, packed))
        amounts = (command.kind, amount, None)
        named = (who.kind, who.value, packed)
        return [StagedLine(at.number, line, Part.ACTIVITIES, lane_of(key), *told, *amounts, *named)]

    return tell


def _reading(at: Columns) -> _Reading:
    in_minor = at.has("amount_minor")
    amount = "amount_minor" if in_minor else "amount"
    return _Reading(
        at=at,
        ref=at.ref() if any(at.has(name) for name in REFS) else lambda values: NOBODY_NAMED,
        kind=at.text("kind"),
        kind_column=at.column("kind"),
        source=at.text("source", at.mapping.source),
        receipt=at.text("external_id"),
        own_id=at.text("activity_id"),
        sale=at.text("sale_id"),
        sale_kind=at.text("sale_kind"),
        occurred=at.instant("occurred_at"),
        occurred_column=at.column("occurred_at"),
        store=at.text("store"),
        channel=at.text("channel"),
        amount=at.units(amount, 0 if in_minor else at.place.decimals),
        currency=at.text("currency", at.place.currency),
        body=_body(at),
    )


def _body(at: Columns) -> Callable[[Values], Body]:
    named = [name for name in at.fields if name.startswith("details.")]
    details = [(name.removeprefix("details."), at.text(name)) for name in named]
    rich = [
        n for n in ("lines", "payments", "details", "returned", "paid_in", *_OVER_ALL) if at.has(n)
    ]
    if not rich and not details:
        nothing = Body()
        return lambda values: nothing
    lines = at.json("lines", tuple[Line, ...], ())
    payments = at.json("payments", tuple[Payment, ...], ())
    returned = at.json("returned", tuple[ReturnedLine, ...], ())
    whole = at.json("details", dict[str, Detail], {})
    paid_in = at.json("paid_in", PaidIn | None, None)
    over_all = [(name, at.units(name, 0)) for name in _OVER_ALL if at.has(name)]

    def read(values: Values) -> Body:
        said = {name: told for name, text in details if (told := text(values))}
        return Body(
            lines=lines(values),
            payments=payments(values),
            details={**whole(values), **said},
            returned=returned(values),
            paid_in=paid_in(values),
            **{name: over(values) or 0 for name, over in over_all},
        )

    return read


_OVER_ALL = ("order_discount_minor", "shipping_minor", "tips_minor")


def _command(reading: _Reading, values: Values, who: Ref) -> RecordActivity:
    at, kind = reading.at, needed(reading.kind(values), reading.kind_column)
    ours, own_id = at.mapping.ids == "ours", reading.own_id(values)
    receipt, source = reading.receipt(values), reading.source(values)
    if not receipt:  # what its source never numbered is known by its id for ever
        receipt = needed(own_id, at.column("external_id"))
        source = "regulars" if ours else source
    occurred = needed(reading.occurred(values), reading.occurred_column)
    body, sale = reading.body(values), reading.sale(values)
    of = reading.sale_kind(values) or "purchase"
    amount = reading.amount(values) if kind != "return" else None
    return RecordActivity(
        kind=kind,
        member=who.member if kind != "return" else None,
        occurred_at=in_time(at, "occurred_at", occurred),
        source=source,
        external_id=receipt,
        store=reading.store(values),
        channel=reading.channel(values),
        amount_minor=amount if not body.lines else None,
        body=body,
        sale=_sale(at, source, sale, of) if sale else None,
        activity_id=our_id("act", own_id, at.column("activity_id")) if ours and own_id else None,
    )


def _sale(at: Columns, source: str, sale: str, kind: str) -> SaleRef:
    if at.mapping.ids == "ours":
        return SaleRef(id=our_id("act", sale, at.column("sale_id")))
    return SaleRef(source=source, external_id=sale, kind=kind)


def _amount(reading: _Reading, command: RecordActivity) -> int:
    """What an activity comes to; or what is wrong with its line."""
    at = reading.at
    texts = (command.kind, command.source, command.external_id, command.store, command.channel)
    if max(map(len, texts)) > LONGEST_TEXT:
        named = zip(("kind", "source", "external_id", "store", "channel"), texts, strict=True)
        name = next(name for name, text in named if len(text) > LONGEST_TEXT)
        raise Wrong(at.column(name), f"this is longer than {LONGEST_TEXT} letters", "Shorten it")
    if command.kind == "return" and command.sale is None:
        raise Wrong(at.column("sale_id"), "a return names its sale", "Fill in the sale's receipt")
    if command.kind != "return" and (command.sale or command.body.returned):
        raise Wrong(at.column("sale_id"), "only a return names a sale", "Check the kind")
    amount = checks.amount_of(command.kind, command.amount_minor, command.body)
    if isinstance(amount, Fault):
        place = amount.field.strip("/").split("/")[0] or "amount"
        field = "amount_minor" if place == "amount" and at.has("amount_minor") else place
        raise Wrong(at.column(field), amount.says, "Mend the amounts of this line")
    if not told_whole(command.kind, command.body):
        says = "what was paid does not fit the sale"
        raise Wrong(at.column("paid_in"), says, "Leave the column as it was exported")
    if command.amount_minor is not None and command.amount_minor < 0:
        column = at.column("amount_minor" if at.has("amount_minor") else "amount")
        raise Wrong(column, "the amount is below nothing", "Tell what came back as a return")
    return amount


def _sale_key(sale: SaleRef | None) -> UUID | None:
    if sale is None or sale.id is not None:
        return None
    return key_of(sale)


def _key_of_nobody(command: RecordActivity) -> UUID:
    """A sale to nobody and its returns go together."""
    sale = command.sale
    if sale is not None:
        told = str(sale.id) if sale.id else f"{sale.source}\x1f{sale.external_id}"
    elif command.activity_id is not None:
        told = str(command.activity_id)
    else:
        told = f"{command.source}\x1f{command.external_id}"
    return member_key("nobody", told)


def _check_currency(reading: _Reading, values: Values) -> None:
    """Money of another currency than the program's cannot be brought over."""
    found = reading.currency(values)
    if found != reading.at.place.currency:
        raise Wrong(
            reading.at.column("currency"),
            f"{found} is not the program's {reading.at.place.currency}",
            "Turn it into the program's currency in the file",
        )
