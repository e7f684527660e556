"""What one event tells, by the mapping of its source."""

from __future__ import annotations

from typing import Any, Final

from regulars.flows.inlets.about_people import About
from regulars.flows.inlets.book_arrivals import BookArrival
from regulars.records.inlets.types import AS_TOLD, ASKS, Arrival, Ended, Inlet
from regulars.surfaces.connect.catching.carts_known import CARTS
from regulars.surfaces.connect.inlets.kinds import STREAM, receipt_of, root_of
from regulars.surfaces.connect.inlets.reading import Event, Place, reader
from regulars.surfaces.connect.vendors import (
    HINTS,
    VENDORS,
    hint_of,
    looked_at,
    sells_nothing,
    stands,
)

_EMPTY: Final = "the message says nothing"
_NO_GOODS: Final = "no goods were sold: a tip alone is no purchase"


def told_by(
    one: Arrival, inlet: Inlet, place: Place, *, is_asked: bool, root: Any = None
) -> BookArrival:
    """What an event tells: activities, a letter that failed, a subscription; or only a hint at what
    is to be asked for first. `root`: its body, where that was read already. Raises: Wrong."""
    is_hint, is_asked = inlet.kind in HINTS, is_asked and one.code != AS_TOLD
    plain = root_of(one, inlet.kind) if is_hint and root is None else root
    hint = hint_of(inlet, plain, is_asked=is_asked) if is_hint else None
    if hint is not None:
        code, says = (ASKS, "what it is about is asked for") if hint else ("", "")
        return BookArrival(one, ended=Ended(one.arrival_id, "passed", code, "", says))
    if inlet.kind == STREAM and not one.body and not one.beside:
        return BookArrival(one, ended=Ended(one.arrival_id, "passed", "empty", "", _EMPTY))
    root = looked_at(one, inlet.kind, plain, inlet.mapping)
    receipt = receipt_of(one, root, inlet.kind)
    event = Event(root, receipt, one.received_at, f"inlet_{inlet.inlet_id.hex}")
    reads = reader(inlet.mapping, place)
    vendor = VENDORS.get(inlet.kind)
    asks = None if vendor is None else vendor.asks(root)
    if asks is not None:
        return BookArrival(one, about=About(asks.what, reads.refs_of(asks), shop=asks.shop))
    if sells_nothing(inlet.kind, root):
        return BookArrival(one, ended=Ended(one.arrival_id, "passed", "no_goods", "", _NO_GOODS))
    told = reads.all_of(event)
    codes = () if vendor is None else vendor.codes(root)
    carts = CARTS.get(inlet.kind)
    cart = None if carts is None else carts.paid_cart(root)
    ordered = None if carts is None else carts.ordered_cart(root)
    return BookArrival(
        one, told.tells, letter=told.letter, about=told.about, codes=codes,
        subscription=told.subscription, snapshot=vendor is not None, cart=cart,
        ordered=ordered, partner=told.partner, stands=stands(inlet.kind, root),
    )  # fmt: skip
