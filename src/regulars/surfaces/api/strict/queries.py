"""The part of an address behind the question mark, read as strictly as a body."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from regulars.surfaces.api.faults import BadParameter
from regulars.surfaces.api.strict.pointers import fault_of

MOST_PARAMETERS = 20
_WHOLE = re.compile(r"[0-9]{1,9}")
_SIGNED = re.compile(r"-?[0-9]{1,9}")


def query_of(raw: bytes, kind: type | None) -> Any:
    """The parameters as a value of this kind. Faults: BadParameter, naming the parameter."""
    if not raw and kind is None:
        return None
    said = _said(raw)
    known = _whole_numbers(kind) if kind is not None else {}
    for name in said:
        if name not in known:
            hint = f"; known: {', '.join(known)}" if known else ""
            raise BadParameter(f"there is no parameter {name[:40]!r} here{hint}", field=name[:40])
    if kind is None:
        return None
    values = {name: _value(name, text, known[name]) for name, text in said.items()}
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        fault = fault_of(str(error))
        name = fault.field.lstrip("/")
        raise BadParameter(fault.says, field=name) from None


def _said(raw: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(raw),
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except ValueError:
        raise BadParameter("this is not a list of name=value in UTF-8, joined by &") from None
    said = dict(pairs)
    if len(said) != len(pairs):
        raise BadParameter("a parameter stands there twice; say it once")
    if any("\0" in text for pair in pairs for text in pair):
        raise BadParameter("a parameter has the character U+0000 in it; leave it out")
    return said


def _value(name: str, text: str, digits: re.Pattern[str] | None) -> Any:
    if digits is None:
        return text
    if digits.fullmatch(text) is None:
        raise BadParameter(f"{name} is a whole number in digits from 0 to 9", field=name)
    return int(text)


@lru_cache(maxsize=64)
def schema_of(kind: type) -> dict[str, Any]:
    """The JSON schema of a kind of query."""
    own: dict[str, Any] = msgspec.json.schema(kind)["$defs"][kind.__name__]
    return own


def _whole_numbers(kind: type) -> dict[str, re.Pattern[str] | None]:
    """The parameters of a kind, and how those that are whole numbers are written."""
    found = schema_of(kind)["properties"]
    return {name: _digits(one) if one.get("type") == "integer" else None
            for name, one in found.items()}  # fmt: skip


def _digits(said: dict[str, Any]) -> re.Pattern[str]:
    return _SIGNED if said.get("minimum", 0) < 0 else _WHOLE
