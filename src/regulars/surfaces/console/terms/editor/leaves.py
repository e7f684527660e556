"""One field: how its value is shown in an input, and what was meant by what somebody typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from msgspec import inspect as look

from regulars.surfaces.console.terms.editor import keyed, words
from regulars.surfaces.console.terms.editor.slots import Slot

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNITS: Final = ("minute", "hour", "day", "week", "month", "year")
Typed = Mapping[str, tuple[str, ...]]
_DECIMAL: Final = re.compile(r"(0|[1-9][0-9]{0,12})(\.[0-9]{1,6})?\Z", re.ASCII)
_SPAN: Final = re.compile(r"([1-9][0-9]{0,4}) (minute|hour|day|week|month|year)s?\Z", re.ASCII)
_WHOLE: Final = re.compile(r"(0|[1-9][0-9]{0,12})\Z", re.ASCII)
_SWITCHES: Final = {"true": True, "false": False}


class Desk(NamedTuple):
    """How somebody writes and reads numbers."""

    plain: Callable[[str], str]
    """A number as typed to plain decimal text."""
    point: str
    say: Callable[..., str]


class WrongError(Exception):
    """What was typed cannot be meant; in words for who typed it."""


def fits(slot: Slot, value: Any) -> bool:
    """Whether a value of the file can be shown in this field without losing any of it."""
    if value is None or slot.kind in ("part", "kinds", "rows"):
        return not slot.keyed or keyed.fits(value)
    if slot.kind in ("names", "lines", "values", "days"):
        apart = "\n" if slot.kind == "lines" else ","
        return isinstance(value, list) and all(_is_word(one, apart) for one in value)
    if slot.kind == "prices":
        return isinstance(value, dict) and all(isinstance(one, str | int) for one in value.values())
    if slot.kind == "span":
        return isinstance(value, str) and _SPAN.match(value) is not None
    if slot.kind == "yes":
        return isinstance(value, bool)
    return isinstance(value, str | int) and not isinstance(value, bool)


def _is_word(value: Any, apart: str) -> bool:
    if not isinstance(value, str):
        return isinstance(value, int)
    return apart not in value and value == value.strip() != ""


def shown(slot: Slot, name: str, value: Any, desk: Desk) -> dict[str, tuple[str, ...]]:
    """What stands in the inputs of a field for a value of the file."""
    kind = slot.kind
    if kind == "span":
        count, _, unit = (value or " days").partition(" ")
        return {name: (count,), f"{name}.unit": (unit.removesuffix("s"),)}
    if kind == "prices":
        return {f"{name}.{one}": (_decimal(n, desk),) for one, n in (value or {}).items()}
    if kind == "days":
        return {name: tuple(value or ())}
    if kind in ("names", "lines", "values"):
        apart = "\n" if kind == "lines" else ", "
        return {name: (apart.join(_word(one) for one in value or ()),)}
    if kind == "yes":
        return {name: ("yes",) if value else ()}
    text = "" if value is None else str(value)
    return {name: (_decimal(value, desk) if kind == "decimal" else text,)}


def meant(slot: Slot, name: str, typed: Typed, desk: Desk) -> Any:
    """What was typed as the file says it; nothing where the field was left empty.

    Faults: WrongError, in the words of whoever typed it.
    """
    if slot.kind == "prices":
        return _prices(name, typed, desk)
    if slot.kind == "days":
        return [one for one in WEEKDAYS if one in typed.get(name, ())] or None
    text = typed.get(name, ("",))[-1].strip() if typed.get(name) else ""
    if slot.kind == "yes":
        return bool(text)
    if not text:
        return None
    read = _READS.get(slot.kind)
    if read is not None:
        return read(slot, name, text, typed, desk)
    most = getattr(slot.shape, "max_length", None)
    if most is not None and len(text) > most:
        raise WrongError(desk.say(words.TOO_LONG, most=most))
    return " ".join(text.split())


def _decimal(value: Any, desk: Desk) -> str:
    return "" if value is None else str(value).replace(".", desk.point)


def _word(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _prices(name: str, typed: Typed, desk: Desk) -> dict[str, Any] | None:
    before, found = name + ".", {}
    for field, (*_, text) in typed.items():
        if field.startswith(before) and text.strip():
            found[field.removeprefix(before)] = _number(text.strip(), desk)
    return found or None


def _number(text: str, desk: Desk) -> Any:
    plain = desk.plain(text)
    if not _DECIMAL.match(plain):
        raise WrongError(desk.say(words.NOT_NUMBER))
    return plain if "." in plain else int(plain)


def _read_decimal(_: Slot, __: str, text: str, ___: Typed, desk: Desk) -> Any:
    return _number(text, desk)


def _read_whole(slot: Slot, _: str, text: str, __: Typed, desk: Desk) -> Any:
    plain = desk.plain(text)
    if not _WHOLE.match(plain):
        raise WrongError(desk.say(words.NOT_WHOLE))
    least, most = slot.shape.ge, slot.shape.le
    if int(plain) < (least or 0) or (most is not None and int(plain) > most):
        if most is None:
            raise WrongError(desk.say(words.NOT_LESS, least=least))
        raise WrongError(desk.say(words.BETWEEN, least=least or 0, most=most))
    return int(plain)


def _read_span(slot: Slot, name: str, text: str, typed: Typed, desk: Desk) -> Any:
    unit = typed.get(f"{name}.unit", ("",))[-1]
    plain = desk.plain(text)
    if unit not in UNITS or (slot.long and unit in UNITS[:2]):
        raise WrongError(desk.say(words.NOT_CHOICE))
    said = f"{plain} {unit}{'' if plain == '1' else 's'}"
    if not _SPAN.match(said):
        raise WrongError(desk.say(words.NOT_WHOLE))
    return said


def _read_day(_: Slot, __: str, text: str, ___: Typed, desk: Desk) -> Any:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise WrongError(desk.say(words.NOT_DAY)) from None


def _read_choice(slot: Slot, _: str, text: str, __: Typed, desk: Desk) -> Any:
    assert isinstance(slot.shape, look.LiteralType), slot
    if text not in slot.shape.values:
        raise WrongError(desk.say(words.NOT_CHOICE))
    return text


def _read_names(_: Slot, __: str, text: str, ___: Typed, ____: Desk) -> Any:
    return [one.strip() for one in text.split(",") if one.strip()] or None


def _read_lines(_: Slot, __: str, text: str, ___: Typed, ____: Desk) -> Any:
    return [one.strip() for one in text.splitlines() if one.strip()] or None


def _read_values(_: Slot, __: str, text: str, ___: Typed, ____: Desk) -> Any:
    names = [one.strip() for one in text.split(",") if one.strip()]
    return [_SWITCHES.get(one, int(one) if _WHOLE.match(one) else one) for one in names] or None


_READS: Final[dict[str, Callable[..., Any]]] = {
    "decimal": _read_decimal,
    "whole": _read_whole,
    "span": _read_span,
    "day": _read_day,
    "choice": _read_choice,
    "names": _read_names,
    "lines": _read_lines,
    "values": _read_values,
}
