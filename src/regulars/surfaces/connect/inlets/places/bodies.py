"""All that is money in a sale, and what else rules may ask of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from regulars.records.activity.types import Body
from regulars.surfaces.connect.inlets.places.lists import either, lines_of, payments_of, returned_of
from regulars.surfaces.connect.inlets.places.pieces import Said
from regulars.surfaces.connect.inlets.places.told import ActivityMap
from regulars.surfaces.connect.inlets.places.values import Where, place_of, short, way
from regulars.surfaces.connect.moving.wrong import Wrong

OVER_ALL: Final = ("order_discount", "shipping", "tips")


def sums_of(
    where: Where, one: ActivityMap
) -> tuple[Callable[[Any], int | None], Callable[..., Body]]:
    """Read all that is money, with as many decimals as its currency has."""
    return where.money(one, "amount"), _body(where, one)


def _body(where: Where, one: ActivityMap) -> Callable[[Any], Body]:
    over_all = [
        (f"{name}_minor", where.money(one, name), place_of(either(one, name)))
        for name in OVER_ALL
        if either(one, name)
    ]
    lines = lines_of(where, one.lines) if one.lines else _nothing
    payments = payments_of(where, one.payments) if one.payments else _nothing
    returned = returned_of(where, one.returned) if one.returned else _nothing
    details = [(name, *_detail(where, said)) for name, said in one.details.items()]

    def read(root: Any) -> Body:
        sums = {name: _none_below(money(root) or 0, place) for name, money, place in over_all}
        said = {name: told for name, detail, _ in details if (told := detail(root)) is not None}
        return Body(
            lines=lines(root),
            payments=payments(root),
            returned=returned(root),
            details=said,
            paid_in=None,
            **sums,
        )

    return read


def _nothing(_: Any) -> tuple[Any, ...]:
    return ()


def _none_below(amount: int, place: str) -> int:
    if amount < 0:
        raise Wrong(place, "this is below nothing", "Name a place with a number from 0 on")
    return amount


def _detail(where: Where, said: Said) -> tuple[Callable[[Any], Any], str]:
    """Reads a detail: `true`, `false` and whole numbers as they are, else a text."""
    text, place = where.text(said), place_of(said)
    plain = isinstance(said, str) or (said.values is None and said.constant is None)
    find = way(place)

    def read(root: Any) -> Any:
        raw = find(root) if plain and place else None
        if isinstance(raw, bool):
            return raw
        if isinstance(raw, int):
            return _within(raw, place)
        return short(text(root), place) or None

    return read, place


def _within(number: int, place: str) -> int:
    if abs(number) > (1 << 53) - 1:
        raise Wrong(place, "this is too large", "Send numbers up to 2^53-1, or a text")
    return number
