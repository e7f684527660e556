"""Cells as the other system wrote them, made exact: texts, numbers, instants, JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from regulars.base.decimals import NotExact, units
from regulars.base.money import LARGEST
from regulars.surfaces.connect.moving.wrong import Wrong

_DAY: Final = timedelta(days=1)
_SEPARATORS: Final = {"plain": ("", "."), "point": (",", "."), "comma": (".", ",")}
_SUCH_AS: Final = {"plain": "1234.56", "point": "1,234.56", "comma": "1.234,56"}
_SPACES: Final = str.maketrans("", "", " \u00a0\u202f'")


def text_of(raw: Any) -> str:
    """A cell as text; a number of a typed file in its shortest plain form."""
    if type(raw) is str:
        return raw.strip()
    if raw is None:
        return ""
    for kinds, write in _WRITERS:
        if isinstance(raw, kinds):
            return write(raw)
    return str(raw)


_WRITERS: Final[tuple[tuple[Any, Callable[[Any], str]], ...]] = (
    (bool, lambda raw: "true" if raw else "false"),
    (float, lambda raw: format(Decimal(repr(raw)), "f").removesuffix(".0")),
    (datetime | date, lambda raw: raw.isoformat()),
    (dict | list, lambda raw: msgspec.json.encode(raw).decode()),
    (Decimal, lambda raw: format(raw, "f")),
)


def number_reader(style: str, column: str, scale: int) -> Callable[[str], int]:
    """Reads a decimal in this style as whole units at this scale."""
    group, point = _SEPARATORS[style]

    def read(text: str) -> int:
        bare = text
        if group:
            bare = _ungrouped(text.translate(_SPACES), group, point, column)
        try:
            found = units(bare, scale)
        except NotExact as wrong:
            raise Wrong(column, f"{wrong}", _mend_number(text, style, scale)) from None
        if abs(found) > LARGEST:
            raise Wrong(column, f"{text} is too large", "Check it for a slip")
        return found

    return read


def _ungrouped(text: str, group: str, point: str, column: str) -> str:
    whole, _, fraction = text.partition(point)
    parts = whole.lstrip("-").split(group)
    if len(parts) > 1 and (any(len(part) != 3 for part in parts[1:]) or not 0 < len(parts[0]) < 4):
        raise Wrong(
            column,
            f"{text!r} has {group!r} where no thousands end",
            f"Thousands are parted by {group!r}, decimals by {point!r}; or say another `decimal`",
        )
    return whole.replace(group, "") + (f".{fraction}" if fraction else "")


def _mend_number(text: str, style: str, scale: int) -> str:
    if style == "plain" and ("," in text or text.count(".") > 1):
        return "Say `decimal: comma` for 1.234,56 or `decimal: point` for 1,234.56 in the mapping"
    if any(sign.isdigit() for sign in text) and scale == 0 and "." in text:
        return "This counts whole ones only; give the wallet decimals, or round it in the file"
    return f"Write a number such as {_SUCH_AS[style]}, or say another `decimal` in the mapping"


def instant_reader(
    formats: str | Sequence[str], zone: ZoneInfo, column: str, *, last_day: bool = False
) -> Callable[[str], datetime]:
    """Reads a moment; one without an offset is by the clock of this zone.

    Example: the last day 2026-12-31 in Berlin ends at 2026-12-31T23:00Z.
    """
    readers = [_READERS.get(each, _by_format(each)) for each in _listed(formats)]
    written = " or ".join(_listed(formats))

    def read(text: str) -> datetime:
        for each in readers:
            try:
                found = each(text)
            except (ValueError, OverflowError):
                continue
            if last_day:
                found = datetime.combine(found.date() + _DAY, time(), found.tzinfo)
            return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
        raise Wrong(
            column,
            f"{text!r} is no date written as {written}",
            "Say how dates are written: `dates`",
        )

    return read


def _listed(formats: str | Sequence[str]) -> list[str]:
    return [formats] if isinstance(formats, str) else list(formats)


def _by_format(written: str) -> Callable[[str], datetime]:
    return lambda text: datetime.strptime(text, written)  # noqa: DTZ007  (a zone is put to it)


_READERS: Final[dict[str, Callable[[str], datetime]]] = {
    "iso": datetime.fromisoformat,
    "epoch": lambda text: datetime.fromtimestamp(int(text), UTC),
}


def json_reader(column: str, shape: Any) -> Callable[[Any], Any]:
    """Reads a cell that holds JSON, or the list or object of a typed file."""
    decode = msgspec.json.Decoder(shape).decode

    def read(raw: Any) -> Any:
        try:
            return decode(raw) if isinstance(raw, str) else msgspec.convert(raw, shape)
        except msgspec.MsgspecError as wrong:
            raise Wrong(column, f"this JSON is not as expected: {wrong}", "See the guide") from None

    return read
