"""Values of a payload: found by the way to them, and read as the mapping says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.records.activity.checks import AHEAD, EARLIEST
from regulars.records.activity.types import SaleRef
from regulars.surfaces.connect.inlets.mapping import Mapping
from regulars.surfaces.connect.inlets.places.pieces import From, Said
from regulars.surfaces.connect.moving.cells import instant_reader, number_reader, text_of
from regulars.surfaces.connect.moving.mapping import Skip
from regulars.surfaces.connect.moving.wrong import Wrong

LONGEST_TEXT: Final = 200
Text = Callable[[Any], str]
Find = Callable[[Any], Any]


class Where(Struct, frozen=True):
    """How values are written in a program and a mapping."""

    mapping: Mapping
    decimals: int
    zone: str
    """The program's."""

    def text(self, said: Said | None, before: str = "") -> Text:
        """Reads a value as text; empty where nothing stands or nothing is said of it."""
        if said is None:
            return lambda root: ""
        one = From(column=said) if isinstance(said, str) else said
        if one.constant is not None:
            constant = str(one.constant)
            return lambda root: constant
        return self._found(one, before + one.column)

    def _found(self, one: From, place: str) -> Text:
        find, meanings = way(one.column), one.values
        other, prefix = one.default, one.prefix

        def read(root: Any) -> str:
            raw = find(root)
            if isinstance(raw, (dict, list)):
                raise Wrong(place, "this is no single value", "Name a place within it")
            text = text_of(raw)
            if meanings is not None and text:
                text = _meant(text, meanings, place)
            text = text or other
            return prefix + text if text else ""

        return read

    def money(self, part: Struct, name: str, before: str = "") -> Callable[[Any], int | None]:
        """Reads an amount in minor units, from `name` or from `name_minor`."""
        plain, minor = getattr(part, name, None), getattr(part, f"{name}_minor", None)
        if minor is not None:
            return self.whole(minor, before)
        return self._number(plain, self.decimals, before)

    def whole(self, said: Said | None, before: str = "") -> Callable[[Any], int | None]:
        """Reads a whole number."""
        return self._number(said, 0, before)

    def _number(self, said: Said | None, scale: int, before: str) -> Callable[[Any], int | None]:
        if said is None:
            return lambda root: None
        text, place = self.text(said, before), before + place_of(said)
        style = (said.decimal if isinstance(said, From) else None) or self.mapping.decimal
        read = number_reader(style, place, scale)
        return lambda root: read(told) if (told := text(root)) else None

    def instant(self, said: Said | None) -> Callable[[Any], datetime | None]:
        """Reads a moment; one without an offset is by the clock the mapping names."""
        if said is None:
            return lambda root: None
        one = said if isinstance(said, From) else None
        dates = (one.dates if one else None) or self.mapping.dates
        zone = (one.zone if one else None) or self.mapping.zone or self.zone
        formats = dates if isinstance(dates, str) else list(dates)
        text = self.text(said)
        read = instant_reader(formats, ZoneInfo(zone), place_of(said))
        return lambda root: read(told) if (told := text(root)) else None

    def each(self, path: str, skip: Sequence[Skip]) -> Callable[[Any], list[tuple[int, Any]]]:
        """The entries of a list with their places; nothing where it is not there."""
        find, aside = way(path), self.aside(skip)

        def read(root: Any) -> list[tuple[int, Any]]:
            found = find(root)
            if found is None:
                return []
            if not isinstance(found, list):
                raise Wrong(path, "this is no list", "Name the way to a list")
            return [(at, entry) for at, entry in enumerate(found) if not aside(entry)]

        return read

    def aside(self, skip: Sequence[Skip]) -> Callable[[Any], bool]:
        """Whether something is left aside on purpose."""
        tests = [(way(one.column), frozenset(one.values)) for one in skip]
        return lambda root: any(text_of(find(root)) in values for find, values in tests)


def way(path: str) -> Find:
    """Finds what stands at the end of a way; nothing where it does not lead there.

    Example: `refunds.0.id` is the id of the first refund; `Total (incl. tax)` the column that is
    called so, as a name with a dot in it comes before the way it could be.
    """
    if "." not in path:
        return lambda root: root.get(path) if isinstance(root, dict) else _at(root, path)
    steps = [(step, int(step) if step.isdecimal() else None) for step in path.split(".")]

    def find(root: Any) -> Any:
        if isinstance(root, dict) and path in root:
            return root[path]
        here = root
        for name, place in steps:
            if isinstance(here, dict):
                here = here.get(name)
            elif isinstance(here, list) and place is not None and place < len(here):
                here = here[place]
            else:
                return None
        return here

    return find


def _at(root: Any, place: str) -> Any:
    told = isinstance(root, list) and place.isdecimal() and int(place) < len(root)
    return root[int(place)] if told else None


def also_told(
    where: Where, receipt: Said | None, told_by: Sequence[str | From]
) -> Callable[[Any], tuple[SaleRef, ...]]:
    """Reads under which receipts of other sources something is told, too. Raises, as it reads:
    Wrong."""
    number, place = where.text(receipt), place_of(receipt)
    sources = [where.text(From(constant=one) if isinstance(one, str) else one) for one in told_by]

    def read(root: Any) -> tuple[SaleRef, ...]:
        if not sources or not (own := short(number(root).strip(), place)):
            return ()
        told = dict.fromkeys(short(source(root).strip(), place) for source in sources)
        return tuple(SaleRef(source=by, external_id=own) for by in told if by)

    return read


def since_of(where: Where, since: str | None) -> Callable[[datetime], bool]:
    """Whether something happened before the day from which on it counts, by the mapping's zone."""
    if not since:
        return lambda at: False
    first, zone = date.fromisoformat(since), ZoneInfo(where.mapping.zone or where.zone)
    return lambda at: at.astimezone(zone).date() < first


def place_of(said: Said | None) -> str:
    """Where a value stands, for whoever has to mend it."""
    if said is None:
        return ""
    return said if isinstance(said, str) else said.column


def short(text: str, place: str) -> str:
    """The text, which is no longer than the books keep."""
    if len(text) > LONGEST_TEXT:
        raise Wrong(place, f"this is longer than {LONGEST_TEXT} letters", "Name another place")
    return text


def in_time(at: datetime, came_at: datetime, place: str) -> datetime:
    """The moment, which lies neither before our time nor ahead of us. Raises: Wrong."""
    if not EARLIEST <= at <= came_at + AHEAD:
        says = "this is before 1970" if at < EARLIEST else f"{at:%Y-%m-%d %H:%MZ} lies ahead of us"
        mend = "Check the zone, and how dates are written: `zone`, `dates`"
        raise Wrong(place, says, mend)
    return at


def _meant(text: str, meanings: dict[str, str], place: str) -> str:
    found = meanings.get(text, meanings.get("*"))
    if found is None:
        raise Wrong(
            place,
            f"the mapping does not say what {text[:60]!r} means",
            f"Add it under `values`, beside {', '.join(sorted(meanings))}",
        )
    return text if found == "*" else found
