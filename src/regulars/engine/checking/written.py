"""An activity as people write it, in examples and to try a program out.

It has the fields of the API without ids: `kind`, `at` (the shop's own time), `amount` or `lines`,
discounts, shipping, tips, payments, store, channel and details. Money is decimal text ("9.99") or,
as the API has it, `{minor, currency}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.base.decimals import NotExact, units
from regulars.base.faults import Fault, Invalid
from regulars.base.money import LARGEST, decimals
from regulars.engine.checking.converting import counted
from regulars.engine.terms import Version
from regulars.records.activity.checks import amount_of
from regulars.records.activity.types import CODE, CODE_OF, Activity, Body
from regulars.records.program.problems import closest, shown
from regulars.records.program.types import Program
from regulars.records.rewards.codes.lettering import folded

_MONEY: Final = ("order_discount", "shipping", "tips")
_TOP: Final = (
    "kind",
    "at",
    "occurred_at",
    "store",
    "channel",
    "amount",
    "lines",
    "payments",
    "currency",
)
_KNOWN: Final = (*_TOP, *_MONEY, "details", CODE, CODE_OF)
_IDS: Final = ("member", "source", "external_id")
"""What the API has besides: it says who and which, and changes nothing about what is earned."""
_LINE: Final = ("sku", "category", "quantity", "name", "amount", "discount", "tax")
_PAYMENT: Final = ("kind", "amount")


def activity_of(version: Version, given: Mapping[str, Any], member_id: UUID) -> Activity:
    """The activity these words describe, as the rules take it.

    Assumes: a time without zone is the shop's own; `at` or `occurred_at` must be there.
    Faults: Invalid with the field, for whatever cannot be read.
    """
    _only(given, (*_KNOWN, *_IDS), "")
    kind = given.get("kind")
    if not isinstance(kind, str) or not kind:
        raise Invalid("say what kind of activity it is, such as purchase", field="/kind")
    if kind == "return":
        raise Invalid("a return takes back what its sale gave; try the sale", field="/kind")
    currency, at = _currency(version.program, given), _instant(version, given)
    body = _body(currency, given)
    said = given.get("amount")
    amount = amount_of(kind, None if said is None else _minor(currency, said, "/amount"), body)
    if isinstance(amount, Fault):
        raise amount
    found = counted(version, body, amount, currency, at)
    if isinstance(found, Fault):
        raise found
    body, amount = found
    return Activity(
        activity_id=member_id,
        member_id=member_id,
        kind=kind,
        source="example",
        external_id="",
        sale_id=None,
        occurred_at=at,
        store=_text(given, "store"),
        channel=_text(given, "channel"),
        amount_minor=amount,
        body=body,
        actor="",
    )


def _currency(program: Program, given: Mapping[str, Any]) -> str:
    """In which currency the amounts are: the program's, unless another one is named."""
    named = _text(given, "currency") or program.currency
    if named != program.currency and (given.get("kind") != "purchase" or len(named) != 3):
        raise Invalid("only a purchase is paid in another currency", field="/currency")
    return named


def _body(currency: str, given: Mapping[str, Any]) -> Body:
    lines = [
        _renamed(currency, line, _LINE, ("amount", "discount", "tax"), f"/lines/{place}")
        for place, line in enumerate(_list(given, "lines"))
    ]
    payments = [
        _renamed(currency, paid, _PAYMENT, ("amount",), f"/payments/{place}")
        for place, paid in enumerate(_list(given, "payments"))
    ]
    rest = {f"{name}_minor": _minor(currency, given.get(name, 0), f"/{name}") for name in _MONEY}
    details = given.get("details", {})
    codes = {CODE: folded(_text(given, CODE)), CODE_OF: _text(given, CODE_OF)}
    if isinstance(details, Mapping):
        details = {**details, **{name: said for name, said in codes.items() if said}}
    told = {"lines": lines, "payments": payments, "details": details, **rest}
    try:
        return msgspec.convert(told, Body)
    except msgspec.ValidationError as wrong:
        raise Invalid(str(wrong)) from None


def _renamed(
    currency: str, part: Any, known: tuple[str, ...], money: tuple[str, ...], pointer: str
) -> dict[str, Any]:
    """A line or payment with its amounts in minor units."""
    if not isinstance(part, Mapping):
        raise Invalid("write it as fields, such as {sku: tea, amount: 2.50}", field=pointer)
    _only(part, known, pointer)
    kept = {name: value for name, value in part.items() if name not in money}
    for name in money:
        if name in part:
            kept[f"{name}_minor"] = _minor(currency, part[name], f"{pointer}/{name}")
    if "amount" not in part:
        raise Invalid("it has no amount; write what it came to", field=f"{pointer}/amount")
    return kept


def _minor(currency: str, value: Any, pointer: str) -> int:
    """Minor units of an amount: "9.99", 10, or {minor: 999, currency: EUR}."""
    minor = _any_minor(currency, value, pointer)
    if not 0 <= minor <= LARGEST:
        raise Invalid("an amount is not below 0 and at most 2^53-1 minor units", field=pointer)
    return minor


def _any_minor(currency: str, value: Any, pointer: str) -> int:
    if isinstance(value, Mapping):
        minor, named = value.get("minor"), value.get("currency")
        if named != currency or type(minor) is not int or len(value) != 2:
            says = f"write {{minor: 999, currency: {currency}}}"
            raise Invalid(says, field=pointer)
        return minor
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Invalid('an amount is decimal text such as "9.99"', field=pointer)
    try:
        return units(value, decimals(currency))
    except NotExact as wrong:
        raise Invalid(str(wrong), field=pointer) from None


def _instant(version: Version, given: Mapping[str, Any]) -> datetime:
    name = "at" if "at" in given else "occurred_at"
    try:
        at = datetime.fromisoformat(str(given.get(name)))
    except ValueError:
        says = "say when, in the shop's own time, such as 2026-03-02T08:15"
        raise Invalid(says, field=f"/{name}") from None
    return (at if at.tzinfo else at.replace(tzinfo=version.zone)).astimezone(UTC)


def _list(given: Mapping[str, Any], name: str) -> list[Any]:
    found = given.get(name, [])
    if not isinstance(found, list | tuple):
        raise Invalid(f"{name} is a list", field=f"/{name}")
    return list(found)


def _text(given: Mapping[str, Any], name: str) -> str:
    found = given.get(name, "")
    if not isinstance(found, str):
        raise Invalid(f"{name} is text", field=f"/{name}")
    return found


def _only(given: Mapping[str, Any], known: tuple[str, ...], pointer: str) -> None:
    for name in given:
        if name not in known:
            says = f"{shown(name)} is not known here; {closest(str(name), known)}"
            raise Invalid(says, field=f"{pointer}/{name}")
