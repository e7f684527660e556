"""From what the typed reader says to a JSON pointer and words that help."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from regulars.base.faults import Fault, Invalid
from regulars.surfaces.api.faults import UnknownField

_WHERE = re.compile(r"(?s)(.*?)(?: - at `(?:key` in `)?\$([^`]*)`)?\Z")
_UNKNOWN = re.compile(r"(?s)Object contains unknown field `(.*)`\Z")
_MISSING = re.compile(r"Object missing required field `(.*)`\Z")
_STEP = re.compile(r"\[([0-9]+|\.\.\.)\]|\.?([^.\[\]]+)")
_MONEY: Final = frozenset(
    [
        "amount",
        "discount",
        "tax",
        "order_discount",
        "shipping",
        "tips",
        "amount_minor",
        "worth",
        "cost",
    ]
)
_LONGEST: Final = 300
_LONGEST_STEP: Final = 60
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[{}\[\],:]', re.DOTALL)
_MINOR = 'money is whole minor units: {"minor": 999, "currency": "EUR"} is 9.99 euro'
_NEGATIVE = 'to take goods back send a return: kind "return" that names its sale'


def fault_of(message: str) -> Fault:
    """The fault for what the typed reader said, at the field it said it about."""
    # A field's name may look like the place of an error; what was sent stands first.
    unknown = _UNKNOWN.match(message.rpartition(" - at `$")[0] or message) or _UNKNOWN.match(
        message
    )
    place = _WHERE.match(message)
    says, path = place.groups() if place is not None else (message, None)
    pointer = pointer_of(path or "")
    if unknown is not None:
        path = message.rpartition(" - at `$")[2].rstrip("`") if " - at `$" in message else ""
        name = unknown.group(1)
        step = "" if "[...]" in path else f"/{escaped(name[:60])}"
        return UnknownField(
            f"there is no field {name[:60]!r} here; check its spelling or leave it out",
            field=f"{pointer_of(path)}{step}",
        )
    missing = _MISSING.match(says)
    if missing is not None:
        name = missing.group(1)
        return Invalid(f"{name} is missing; it must be said", field=f"{pointer}/{name}")
    return Invalid(_helpful(says, pointer), field=pointer)


def pointer_of(path: str) -> str:
    """`.lines[0].amount` as `/lines/0/amount`; a value of a free map points at its map."""
    steps = []
    for place, name in _STEP.findall(path):
        if place == "...":
            break
        steps.append(place or escaped(name))
    return "".join(f"/{step}" for step in steps)


def escaped(step: str) -> str:
    """One step of a pointer (RFC 6901)."""
    return step.replace("~", "~0").replace("/", "~1")


def first_of(
    value: Any, wanted: Callable[[Any], bool], pointer: str = ""
) -> tuple[str, Any] | None:
    """Where the first value like this stands, and the value; what is outside comes first."""
    if wanted(value):
        return pointer, value
    if isinstance(value, dict):
        pairs = [(f"{pointer}/{escaped(k)}", v) for k, v in value.items()]
    elif isinstance(value, list):
        pairs = [(f"{pointer}/{place}", v) for place, v in enumerate(value)]
    else:
        return None
    return next((f for at, v in pairs if (f := first_of(v, wanted, at)) is not None), None)


def pointer_below(body: bytes, levels: int) -> str:
    """Where the first value stands that is nested in so many others; read without a stack of calls.

    Example: two levels of `{"a": [1, {"b": []}]}` are full at `/a/1`.
    """
    return _said(_steps(body, levels))


def pointer_before(body: bytes) -> str:
    """Where one is at the end of a text of JSON that breaks off: the field that is not finished.

    Example: `{"a": 1, "b": [2, ` breaks off at `/b/1`, and `{"a": 1, ` at no field of it yet.
    """
    steps = _steps(body)
    return _said(steps[:-1] if steps and steps[-1] == "" else steps)


def _steps(body: bytes, levels: int | None = None) -> list[int | str]:
    """The way to the end of this text, or to what is nested in so many others."""
    steps: list[int | str] = []
    name = ""
    for token in _TOKEN.findall(body):
        if token in (b"{", b"["):
            if len(steps) == levels:
                break
            steps.append(0 if token == b"[" else "")
        elif token in (b"}", b"]"):
            del steps[-1:]
        elif token == b"," and steps:
            steps[-1] = steps[-1] + 1 if isinstance(steps[-1], int) else ""
        elif token == b":" and steps:
            steps[-1] = name
        elif token not in b",:":
            name = token[1:-1].decode("utf-8", "replace")[:_LONGEST_STEP]
    return steps


def _said(steps: list[int | str]) -> str:
    return "".join(f"/{escaped(str(step))}" for step in steps)


_WORD = "write it in small letters, digits and single hyphens, as in store-visit"
_FORMS = (
    ("never|", "write a day as 2026-03-02, or never"),
    ("{4}-[0-9]{2}(-", "write a day as 2026-03-02, or a month as 2026-03"),
    ("{4}-", "write a day as 2026-03-02"),
    ("[A-Za-z]{2,3}", "write a language as en or pt-BR"),
    (r"\S", "write something that can be read"),
)
"""By a sign of its pattern, the form in which something is written; a short name else."""


def _helpful(says: str, pointer: str) -> str:
    last = pointer.rpartition("/")[2]
    says = says.replace("`", "")[:_LONGEST]
    if "matching regex" in says:
        return next((form for sign, form in _FORMS if sign in says), _WORD)
    if last == "minor" or last in _MONEY:
        below = "Expected int >=" in says
        return f"{says}; {_NEGATIVE}" if below else f"{says}; {_MINOR}"
    if last == "quantity" and "Expected int >=" in says:
        return f"{says}; {_NEGATIVE}"
    if "RFC3339" in says or "datetime" in says:
        return f"{says}; write an instant as 2026-03-02T12:00:00Z"
    if "out of range" in says or "9007199254740991" in says:
        return f"{says}; numbers go up to 2^53-1 (9007199254740991)"
    return says
