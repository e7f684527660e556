"""The shape of what is sent and answered, walked part by part."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import msgspec
from msgspec import inspect

Place = tuple[str | int, ...]
"""The way to a part of a value: names of fields, places in a list."""


def structs(shape: Any) -> Iterator[inspect.StructType]:
    """Every struct that is in a shape, each once."""
    met: set[Any] = set()
    left = [inspect.type_info(shape)]
    while left:
        one = left.pop()
        if isinstance(one, inspect.StructType):
            if one.cls in met:
                continue
            met.add(one.cls)
            yield one
            left += [field.type for field in one.fields]
        left += _inside(one)


def objects(value: Any, shape: inspect.Type, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every object of a value that has a fixed shape, with the struct it is."""
    struct = _meant(shape, value)
    if struct is not None:
        yield place, struct
        for field in struct.fields:
            if isinstance(value, dict) and field.encode_name in value:
                below = (*place, field.encode_name)
                yield from objects(value[field.encode_name], field.type, below)
    elif isinstance(value, list):
        for part in _inside(shape):
            for number, one in enumerate(value):
                yield from objects(one, part, (*place, number))
    elif isinstance(value, dict):
        for part in _inside(shape):
            for name, one in value.items():
                yield from objects(one, part, (*place, name))


def free_map(value: Any, place: Place, structs: Collection[Place]) -> Place | None:
    """The first map of free names on the way to a place; what is wrong in it is said there."""
    above = (place[:steps] for steps in range(len(place)))
    return next(
        (one for one in above if isinstance(at(value, one), dict) and one not in structs), None
    )


def strangers(value: Any, shape: Any) -> list[str]:
    """Keys of an answer that its published shape does not have, and keys it has to have."""
    found = []
    for place, struct in objects(value, inspect.type_info(shape)):
        here = at(value, place)
        may = {field.encode_name for field in struct.fields}
        if isinstance(struct.tag_field, str):
            may.add(struct.tag_field)
        must = {field.encode_name for field in struct.fields if field.required}
        found += [f"{place}: {key}" for key in {*here} - may]
        found += [f"{place}: no {key}" for key in must - {*here}]
    return found


def with_field(value: Any, place: Place, name: str) -> Any:
    """The same with one more field in the object at this place."""
    if not place:
        return {**value, name: 1}
    first, *rest = place
    changed = list(value) if isinstance(value, list) else dict(value)
    changed[first] = with_field(value[first], tuple(rest), name)
    return changed


def at(value: Any, place: Place) -> Any:
    for step in place:
        value = value[step]
    return value


def _inside(one: inspect.Type) -> list[inspect.Type]:
    if isinstance(one, inspect.UnionType):
        return [part for kind in one.types for part in (_inside(kind) or [kind])]
    if isinstance(one, inspect.Metadata):
        return [one.type]
    if isinstance(one, inspect.TupleType):
        return list(one.item_types)
    if isinstance(one, inspect.DictType):
        return [one.value_type]
    return [one.item_type] if isinstance(one, inspect.CollectionType) else []


def _meant(shape: inspect.Type, value: Any) -> inspect.StructType | None:
    """The struct a value is; of several the one with its tag, or whose fields fit best."""
    if not isinstance(value, dict):
        return None
    shape = shape.type if isinstance(shape, inspect.Metadata) else shape
    kinds = shape.types if isinstance(shape, inspect.UnionType) else (shape,)
    found = [one for one in kinds if isinstance(one, inspect.StructType)]
    for one in found:
        if isinstance(one.tag_field, str) and value.get(one.tag_field) == one.tag:
            return one
    return max(
        found,
        key=lambda one: len({*value} & {field.encode_name for field in one.fields}),
        default=None,
    )


def encoded(value: Any) -> bytes:
    return msgspec.json.encode(value)
