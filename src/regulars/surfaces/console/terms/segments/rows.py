"""A condition as rows of a form, one question each, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from regulars.surfaces.console.form import plain_number

MOST: Final = 12
OF_GOODS: Final = ("category_bought", "category_spent", "article_bought", "article_spent")
_NAMES: Final = {**dict.fromkeys(OF_GOODS, "in"),
                 "tag": "in", "segment": "in", "club": "in", "plan": "in", "did": "kind",
                 "tier": "at_least", "consent": "channel", "contact": "by", "points": "wallet",
                 "answered": "question", "anniversary": "attribute",
                 "days_since": "attribute"}  # fmt: skip
_LISTS: Final = ("tag", "segment", "club", "plan", *OF_GOODS)
COUNTED: Final = ("spent", "orders", "visits")
_LOW: Final = {"anniversary": "days_before"}
_HIGH: Final = {"last_order": "before", "last_seen": "before", "days_since": "before",
                "anniversary": "days_after"}  # fmt: skip
_BOUNDED: Final = frozenset(
    {"spent", "orders", "visits", "points", "answered", "last_order", "last_seen", "days_since",
     "anniversary", "did", "lapse", "worth", *OF_GOODS}
)  # fmt: skip
_CLOSED: Final = frozenset({"last_order", "last_seen", "days_since", "anniversary", "answered"})
"""Of these, no bound at all is a question, too."""
_BY_ITSELF: Final = frozenset({"anniversary", "answered"})
"""Of these, which one is meant goes without saying."""
_OVER_DAYS: Final = (*COUNTED, "did", *OF_GOODS)
_AS_TEXT: Final = ("spent", "points", "worth", "category_spent", "article_spent")
Get = Callable[[str, str], str]


class Row(NamedTuple):
    """One question as it stands in a form: what is asked, of which one, its bounds."""

    asks: str = ""
    which: str = ""
    low: str = ""
    high: str = ""
    days: str = ""
    negated: bool = False


def rows_of(condition: Any, point: str) -> tuple[str, list[Row]] | None:
    """Whether all or any of these are asked; nothing where it takes more than rows to say it."""
    joint, parts = "all", [condition]
    if condition["if"] in ("all", "any"):
        joint, parts = condition["if"], condition["of"]
    rows = [_row(one, point) for one in parts]
    known = [row for row in rows if row is not None]
    return (joint, known) if len(known) == len(rows) <= MOST else None


def condition_of_rows(get: Get, separators: tuple[str, str]) -> tuple[Any, list[Row]]:
    """The condition that was filled in, as plain values, and its rows as they were typed.

    Order: rows without a question are left out. What is no number stays as it was typed, so that
    it is refused at its place.
    """
    typed = [typed_row(get, at) for at in range(MOST)]
    rows = [row for row in typed if row.asks]
    parts = [_said(row, separators) for row in rows]
    joint = "any" if get("joint", "all") == "any" else "all"
    return {"if": joint, "of": parts}, rows


def typed_row(get: Get, at: int) -> Row:
    """One question as it was typed."""
    asks, which, low, high, days = (
        get(f"q{at}-{name}", "").strip() for name in ("asks", "which", "low", "high", "days")
    )
    return Row(asks, which, low, high, days, get(f"q{at}-not", "") == "yes")


def half_filled(row: Row) -> bool:
    """Whether somebody is still filling it in: what has to be said is not said yet.

    Example: "money spent" without a bound asks nothing, "days since last seen" without one does.
    """
    if not row.asks:
        return False
    if row.asks == "member":
        name, _, values = row.which.partition("=")
        return not (name.strip() and several(values))
    if row.asks in _NAMES.keys() - _BY_ITSELF and not several(row.which):
        return True
    return row.asks in _BOUNDED - _CLOSED and not (row.low or row.high)


def _said(row: Row, separators: tuple[str, str]) -> Any:
    said: dict[str, Any] = {"if": row.asks}
    if row.asks == "member":
        name, _, values = row.which.partition("=")
        said |= {"attribute": name.strip(), "in": [_value(one) for one in several(values)]}
    elif row.asks in _LISTS:
        said["in"] = several(row.which)
    elif row.which and row.asks in _NAMES:
        said[_NAMES[row.asks]] = row.which
    if row.which and row.asks in COUNTED:
        said["stores"] = several(row.which)
    if row.asks in _BOUNDED:
        for name, typed in ((_LOW.get(row.asks, "at_least"), row.low),
                            (_HIGH.get(row.asks, "at_most"), row.high)):  # fmt: skip
            if typed:
                said[name] = _number(typed, row.asks in _AS_TEXT, separators)
    if row.days and row.asks in _OVER_DAYS:
        said["within_days"] = _number(row.days, False, separators)
    return {"if": "not", "that": said} if row.negated else said


def _number(typed: str, as_text: bool, separators: tuple[str, str]) -> Any:
    plain = plain_number(typed, separators)
    if as_text:
        return plain or typed
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 9 else typed


def several(typed: str) -> list[str]:
    """Names that were typed with commas between them."""
    return [one.strip() for one in typed.split(",") if one.strip()]


def _value(typed: str) -> Any:
    words: Mapping[str, bool] = {"true": True, "false": False}
    if typed in words:
        return words[typed]
    whole = typed.isascii() and typed.isdigit() and len(typed) < 10 and typed[0] != "0"
    return int(typed) if whole or typed == "0" else typed


def _row(said: Any, point: str) -> Row | None:
    negated = said["if"] == "not"
    one = said["that"] if negated else said
    asks = one["if"]
    if asks in ("all", "any", "not") or (asks == "consent" and one.get("is", "given") != "given"):
        return None
    # A till may name goods as it likes: what would be read back as others is left to the API.
    if asks in OF_GOODS and several(", ".join(one["in"])) != list(one["in"]):
        return None
    low, high = one.get(_LOW.get(asks, "at_least"), ""), one.get(_HIGH.get(asks, "at_most"), "")
    if asks == "tier":
        low = ""
    least, most = (str(value).replace(".", point) for value in (low, high))
    return Row(asks, _which(one), least, most, str(one.get("within_days", "")), negated)


def _which(one: Any) -> str:
    if one["if"] == "member":
        values = ("true" if v is True else "false" if v is False else str(v) for v in one["in"])
        return f"{one['attribute']} = {', '.join(values)}"
    said = one.get(_NAMES.get(one["if"], "stores"), "")
    return said if isinstance(said, str) else ", ".join(said)
