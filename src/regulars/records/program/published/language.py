"""The law of evolution: a program file that was once right stays right.

Tags and fields are added, never removed, renamed or given another meaning. The language as it was
published is kept in a committed snapshot, and a test compares it with the types of today.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from msgspec import inspect as look

from regulars.records.program.types import Program

Language = dict[str, dict[str, Any]]


def language() -> Language:
    """Every part with its tag, and every field with what it may hold and what it is unless said."""
    return {name: _part(shape) for name, shape in structs().items()}


def broken(published: Language, now: Language) -> list[str]:
    """What of the published language no longer holds, in words; nothing when all is well."""
    wrong: list[str] = []
    for name, part in published.items():
        if name not in now:
            wrong.append(f"{name} is gone")
            continue
        if now[name]["tag"] != part["tag"]:
            wrong.append(f"the tag of {name} was {part['tag']} and is {now[name]['tag']}")
        wrong += _broken_fields(name, part["fields"], now[name]["fields"])
    return wrong


def _broken_fields(part: str, published: dict[str, Any], now: dict[str, Any]) -> list[str]:
    wrong: list[str] = []
    for name, field in published.items():
        here = now.get(name)
        if here is None:
            wrong.append(f"{part}.{name} is gone")
            continue
        lost = [each for each in field["holds"] if each not in here["holds"]]
        if lost:
            wrong.append(f"{part}.{name} no longer holds: {', '.join(lost)}")
        was, is_ = field["unless_said"], here["unless_said"]
        if was not in (is_, "needed"):
            wrong.append(f"{part}.{name} was {was} unless said and is {is_}")
    added = [name for name in now if name not in published]
    wrong += [
        f"{part}.{name} is added but needed, so old files lack it"
        for name in added
        if now[name]["unless_said"] == "needed"
    ]
    return wrong


@cache
def structs() -> dict[str, look.StructType]:
    """Every part of a program file by name, in the order in which a reader meets them."""
    found: dict[str, look.StructType] = {}
    _collect(look.type_info(Program), found)
    return found


def _collect(shape: Any, found: dict[str, look.StructType]) -> None:
    if isinstance(shape, look.StructType):
        if shape.cls.__name__ in found:
            return
        found[shape.cls.__name__] = shape
        for field in shape.fields:
            _collect(field.type, found)
    elif isinstance(shape, look.Metadata):
        _collect(shape.type, found)
    elif isinstance(shape, look.UnionType):
        for member in shape.types:
            _collect(member, found)
    elif isinstance(shape, look.VarTupleType):
        _collect(shape.item_type, found)
    elif isinstance(shape, look.DictType):
        _collect(shape.value_type, found)


def _part(shape: look.StructType) -> dict[str, Any]:
    return {
        "tag": f"{shape.tag_field}: {shape.tag}" if shape.tag_field else None,
        "fields": {
            field.encode_name: {"holds": _holds(field.type), "unless_said": _unless_said(field)}
            for field in shape.fields
        },
    }


def _unless_said(field: look.Field) -> Any:
    if field.required:
        return "needed"
    made = field.default_factory
    value = made() if made is not msgspec.NODEFAULT else field.default
    return msgspec.json.decode(msgspec.json.encode(value))


def _holds(shape: Any) -> list[str]:
    """The alternatives a field may hold, each as one comparable text."""
    if isinstance(shape, look.Metadata):
        return _holds(shape.type)
    if isinstance(shape, look.UnionType):
        return [each for member in shape.types for each in _holds(member)]
    if isinstance(shape, look.VarTupleType):
        return [f"list{_bounds(shape)} of {each}" for each in _holds(shape.item_type)]
    if isinstance(shape, look.DictType):
        keys = [f"key {each}" for each in _holds(shape.key_type)]
        return keys + [f"value{_bounds(shape)} {each}" for each in _holds(shape.value_type)]
    return _holds_one(shape)


def _holds_one(shape: Any) -> list[str]:
    if isinstance(shape, look.LiteralType):
        return [f"= {value}" for value in shape.values]
    if isinstance(shape, look.StructType):
        return [shape.cls.__name__]
    return [type(shape).__name__.removesuffix("Type").lower() + _bounds(shape)]


def _bounds(shape: Any) -> str:
    names = ("ge", "le", "min_length", "max_length", "pattern")
    told = [
        f"{name} {getattr(shape, name)}" for name in names if getattr(shape, name, None) is not None
    ]
    return f" ({', '.join(told)})" if told else ""
