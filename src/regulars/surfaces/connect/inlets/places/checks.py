"""Whether what a mapping says of activities makes sense, beyond the shape of it."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.records.program.problems import Finding, Path, closest
from regulars.surfaces.connect.inlets.places.pieces import From
from regulars.surfaces.connect.inlets.places.sense import is_day
from regulars.surfaces.connect.inlets.places.told import ActivityMap, SameAs

MOST_FIELDS: Final = 50
MOST_TOLD_BY: Final = 5
MONEY: Final = ("amount", "discount", "tax", "price", "order_discount", "shipping", "tips")
"""Each may be told as people write it, or as `…_minor` in whole minor units."""


def wrong_in_activity(path: Path, one: ActivityMap) -> list[Finding]:
    """What is missing of an activity, or said twice."""
    found = [*_wrong_elsewhere(path, one)]
    kind = one.kind.constant if isinstance(one.kind, From) else None
    if kind == "return" and one.sale_id is None:
        mend = "add `sale_id:` with the place of the sale's receipt"
        found.append(Finding(path, "a return names its sale", mend))
    if kind == "purchase" and not (one.amount or one.amount_minor or one.lines):
        found.append(Finding(path, "a purchase has an amount or lines", "add `amount:`"))
    if one.lines is not None:
        lines = one.lines
        if not (lines.amount or lines.amount_minor or lines.price or lines.price_minor):
            mend = "add `amount:`, or `price:` of one piece"
            found.append(Finding((*path, "lines"), "nobody says what a line costs", mend))
    if one.each is not None and one.external_id is None:
        mend = "add `external_id:` with its place within the entry"
        found.append(Finding((*path, "each"), "each of several has a receipt of its own", mend))
    if one.payments is not None and not (one.payments.amount or one.payments.amount_minor):
        mend = "add `amount:`"
        found.append(Finding((*path, "payments"), "nobody says how much was paid", mend))
    if len(one.details) > MOST_FIELDS:
        mend = f"{MOST_FIELDS} at most"
        found.append(Finding((*path, "details"), "these are too many details", mend))
    return found


def _wrong_elsewhere(path: Path, one: ActivityMap) -> list[Finding]:
    """What is said wrongly of who else tells it, and from when on."""
    at = (*path, "told_by")
    wrong = (
        (one.receipt is not None and not one.told_by, (*path, "receipt"),
         "nothing says who tells this receipt, too", "add `told_by: [till]` with its sources"),
        (bool(one.told_by) and one.receipt is None and one.external_id is None, at,
         "nothing says by which number they tell it", "add `receipt:` with its place"),
        (len(one.told_by) > MOST_TOLD_BY, at,
         "these are too many sources", f"{MOST_TOLD_BY} at most"),
        (one.since is not None and not is_day(one.since), (*path, "since"),
         "this is no day", "write it as 2027-01-01"),
    )  # fmt: skip
    found = [Finding(where, says, mend) for is_wrong, where, says, mend in wrong if is_wrong]
    for number, said in enumerate(one.told_by):
        if isinstance(said, From):
            found += _from((*at, number), said)
        elif not said.strip():
            found.append(Finding((*at, number), "this names no source", "write its name"))
    return found


def wrong_same_as(path: Path, one: SameAs | None) -> list[Finding]:
    """A rule that holds for whoever bought whatever would make two customers' sales one."""
    if one is None or {"member", "total"} <= set(one.by):
        return []
    mend = "write `by: [member, total]`"
    return [Finding((*path, "by"), "a member and a total are always compared", mend)]


def parts_of(one: ActivityMap) -> list[tuple[Path, Struct]]:
    """The activity itself and its lists, each with the way to it."""
    parts = [(name, getattr(one, name)) for name in ("lines", "payments", "returned")]
    return [((), one), *(((name,), part) for name, part in parts if part is not None)]


def wrong_fields(path: Path, part: Struct) -> list[Finding]:
    """What is wrong with single fields: twice told, from nowhere, in a zone nobody knows."""
    found = []
    told = {name: getattr(part, name) for name in part.__struct_fields__}
    for name in MONEY:
        if told.get(name) and told.get(f"{name}_minor"):
            says = f"{name} and {name}_minor say the same thing"
            found.append(Finding((*path, f"{name}_minor"), says, "keep one of them"))
    details = told.pop("details", {})
    fields = [((*path, name), value) for name, value in told.items()]
    fields += [((*path, "details", name), value) for name, value in details.items()]
    for place, value in fields:
        if isinstance(value, From):
            found += _from(place, value)
        elif value == "" and place[-1] != "each":
            found.append(Finding(place, "this names no place", "say where it stands"))
    if told.get("each") == "":
        found.append(Finding((*path, "each"), "this names no list", "say where it stands"))
    return found


def _from(path: Path, one: From) -> list[Finding]:
    if not one.column and one.constant is None:
        mend = "add `column:` with its place, or `constant:`"
        return [Finding(path, "this says neither a place nor a constant", mend)]
    if one.column and one.constant is not None:
        return [Finding(path, "this says a place and a constant", "keep one of them")]
    return wrong_zone((*path, "zone"), one.zone or "")


def wrong_zone(path: Path, name: str) -> list[Finding]:
    """A time zone that nobody knows."""
    if not name:
        return []
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        mend = closest(name, ("Europe/Berlin", "Europe/Istanbul", "America/New_York", "UTC"))
        return [Finding(path, f"there is no time zone {name[:60]}", mend)]
    return []
