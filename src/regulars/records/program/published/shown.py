"""How fields of a program file are shown in tables: what they hold, and are unless said."""

from __future__ import annotations

import json
from typing import Any, Final, get_args

import msgspec
from msgspec import inspect as look

from regulars.records.program import types


def default_of(field: look.Field) -> str:
    """What a field is unless said, as a cell of a table; `needed` where it must be said."""
    if field.required:
        return "needed"
    if field.default_factory not in (None, msgspec.NODEFAULT):
        return "standard" if field.name == "qualifying" else "none"
    value = field.default
    if value is None or value in ((), ""):
        return "none"
    if isinstance(value, msgspec.Struct):
        return "its defaults"
    return f"`{json.dumps(value)}`" if isinstance(value, bool) else f"`{value}`"


def words_of(shape: Any) -> str:
    """What a field holds, in the words of a reader."""
    if isinstance(shape, look.Metadata):
        return words_of(shape.type)
    if isinstance(shape, look.UnionType):
        return _either([words_of(member) for member in shape.types])
    if isinstance(shape, look.VarTupleType):
        return f"list of {words_of(shape.item_type)}"
    if isinstance(shape, look.DictType):
        return f"{words_of(shape.key_type)} → {words_of(shape.value_type)}"
    return _words_one(shape)


def _either(members: list[str]) -> str:
    """Alternatives joined; a decimal may always be a whole number too."""
    passed = {"nothing", "whole number"} if "decimal" in members else {"nothing"}
    return " or ".join(dict.fromkeys(word for word in members if word not in passed))


def _words_one(shape: Any) -> str:
    if isinstance(shape, look.StructType):
        name = shape.cls.__name__
        label = f"`{shape.tag}`" if shape.tag_field else name
        return f"[{label}](#{name.lower()})"
    if isinstance(shape, look.LiteralType):
        return " · ".join(f"`{value}`" for value in shape.values)
    if isinstance(shape, look.StrType):
        return _PATTERNS.get(shape.pattern or "", "text")
    if isinstance(shape, look.IntType):
        return _whole(shape)
    names = {look.BoolType: "`true` or `false`", look.NoneType: "nothing", look.AnyType: "anything"}
    return names[type(shape)]


def _whole(shape: look.IntType) -> str:
    low, high = shape.ge, shape.le
    if low is None or high == 10**12:
        return "whole number"
    return f"whole number {low} to {high}" if high is not None else f"whole number from {low}"


def _pattern(annotated: Any) -> str:
    return str(msgspec.json.schema(annotated)["pattern"])


_PATTERNS: Final = {
    _pattern(types.Slug): "slug",
    _pattern(types.Span): "length of time",
    _pattern(types.Day): "day",
    _pattern(get_args(types.Decimal)[0]): "decimal",
}
