"""An open order is changed: what is said is another, what is named to be cleared is gone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from regulars.base.money import LARGEST
from regulars.engine.rewarding.counter.pricing import gross_of
from regulars.flows.tills.bills.change_bills import change_bills
from regulars.flows.tills.bills.commands import ChangeBill
from regulars.records.access.types import Scope
from regulars.records.members.types import MemberRef
from regulars.records.once.read import known
from regulars.records.once.types import idempotency_key
from regulars.records.tills.bills.types import BillBody, Off, Sold
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.connect.square.errors import PREFIX, Wrong
from regulars.surfaces.connect.square.operations import locations
from regulars.surfaces.connect.square.operations.orders import (
    Known,
    articles_of,
    customer_of,
    line_of,
    off_of,
    order_at,
    too_much,
)
from regulars.surfaces.connect.square.telling.bills import order_shown
from regulars.surfaces.connect.square.view import View, view_of
from regulars.surfaces.connect.square.wire import orders as sent

WRITES = (Scope.SQUARE_WRITE,)
MOST_LINES: Final = 500
MOST_DISCOUNTS: Final = 30
_CLEARS: Final = re.compile(r"(line_items|discounts)(?:\[([^\]]{1,60})\](?:\.(name))?)?\Z")
Part = TypeVar("Part", Sold, Off)


class _Cleared(NamedTuple):
    """What is left of an order."""

    body: BillBody
    member: MemberRef | UnsetType | None


async def change(call: Call) -> Reply:
    """An open order is another; asked for again, the latest version is answered."""
    body: sent.UpdateOrder = call.sent
    seen, order = await view_of(call), body.order
    if order.version is None:
        says = "say which version of the order you saw"
        raise Wrong(says, code="MISSING_REQUIRED_PARAMETER", field="/order/version")
    async with call.transaction as tx:
        own = idempotency_key(call.caller.principal, "change_bill", call.key)
        again = bool(call.key) and own in await known(tx, [own])
        bill = (await order_at(tx, call.ids["order_id"])).bill
        told = await articles_of(tx, order)
        if order.location_id is not None:
            store = await locations.store_at(tx, order.location_id, "/order/location_id")
            if store != bill.store:
                says = "an order stays where it was made"
                raise Wrong(says, code="INVALID_VALUE", field="/order/location_id")
    after = _Cleared(BillBody(), UNSET) if again else _changed(seen, bill.body, body, told)
    command = ChangeBill(
        bill.bill_id,
        order.version,
        after.body,
        after.member,
        call.asked,
        msgspec.json.encode((order, body.fields_to_clear)),
    )
    await call.do(change_bills, command)
    async with call.transaction as tx:
        return Reply({"order": order_shown(seen, await order_at(tx, call.ids["order_id"]))})


def _changed(
    seen: View, before: BillBody, wanted: sent.UpdateOrder, told: Mapping[str, Known]
) -> _Cleared:
    """The order without what is cleared, with what is said."""
    left, order = _cleared(before, wanted.fields_to_clear), wanted.order
    old = {line.uid: line for line in left.body.lines}
    lines = [
        line_of(seen, place, replace(one, uid=uid), told, old.get(uid))
        for place, (one, uid) in enumerate(_named(order.line_items or (), "line", old))
    ]
    offs = [
        off_of(seen, place, replace(one, uid=uid))
        for place, (one, uid) in enumerate(
            _named(order.discounts or (), "discount", {one.uid for one in left.body.discounts})
        )
    ]
    body = BillBody(
        _merged(left.body.lines, lines, MOST_LINES, "/order/line_items"),
        _merged(left.body.discounts, offs, MOST_DISCOUNTS, "/order/discounts"),
        left.body.reference if order.reference_id is None else order.reference_id,
    )
    if gross_of(body) > LARGEST:
        raise too_much("/order/line_items")
    return _Cleared(body, customer_of(order) or left.member)


def _named(said: Sequence[Any], kind: str, old: Any) -> list[tuple[Any, str]]:
    """What was said with its uid; what has none is new and gets the next that is free."""
    taken = {*old, *(one.uid for one in said if one.uid)}
    found, seen = list[tuple[Any, str]](), set[str]()
    for place, one in enumerate(said):
        uid = one.uid or next(
            name for count in range(len(taken) + 1) if (name := f"{kind}-{count}") not in taken
        )
        if uid in seen:
            at = "line_items" if kind == "line" else "discounts"
            says = "this is named twice"
            raise Wrong(says, code="INVALID_VALUE", field=f"/order/{at}/{place}/uid")
        seen.add(uid)
        taken.add(uid)
        found.append((one, uid))
    return found


def _merged(old: Sequence[Part], new: Sequence[Part], most: int, field: str) -> tuple[Part, ...]:
    """Those of before, each as it is now, then those that are new."""
    uids = {one.uid for one in old}
    now = {one.uid: one for one in new}
    found: list[Part] = [now.get(one.uid, one) for one in old]
    found += [one for one in new if one.uid not in uids]
    if len(found) > most:
        raise Wrong(f"these are more than {most}", code="VALUE_TOO_HIGH", field=field)
    return tuple(found)


def _cleared(body: BillBody, paths: Sequence[str]) -> _Cleared:
    member: MemberRef | UnsetType | None = UNSET
    for place, path in enumerate(paths):
        found = _CLEARS.match(path)
        if path == "customer_id":
            member = None
        elif path == "reference_id":
            body = replace(body, reference="")
        elif found is not None and (found[3] is None or found[1] == "line_items"):
            body = _without(body, found[1], found[2], found[3])
        else:
            says = "this cannot be cleared here"
            raise Wrong(says, code="INVALID_VALUE", field=f"/fields_to_clear/{place}")
    return _Cleared(body, member)


def _without(body: BillBody, kind: str, uid: str | None, part: str | None) -> BillBody:
    """Without all of a kind, the one of this uid, or its name; what is not there is gone."""
    if kind == "discounts":
        left = tuple(one for one in body.discounts if uid is not None and one.uid != uid)
        return replace(body, discounts=left)
    if part is not None:
        named = (replace(one, name="") if one.uid == uid else one for one in body.lines)
        return replace(body, lines=tuple(named))
    return replace(
        body, lines=tuple(one for one in body.lines if uid is not None and one.uid != uid)
    )


OPERATIONS = (
    Operation(
        method="PUT",
        path=f"{PREFIX}/v2/orders/{{order_id}}",
        name="square_update_order",
        tag="Orders",
        says="An open order is another",
        scopes=WRITES,
        sent=sent.UpdateOrder,
        answers={200: dict[str, Any]},
        do=change,
    ),
)
