"""Plain values to the frozen tree of a program, with every misfit found, not only the first."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import inspect as look

from regulars.records.program.parsing.nodes import MOST_PROBLEMS
from regulars.records.program.problems import Finding, Path, closest, shown
from regulars.records.program.types import Program

_FORMS: Final[dict[str, str]] = {
    r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$": "small letters and digits with hyphens, such as happy-hour",
    r"^(0|[1-9][0-9]{0,12})(\.[0-9]{1,6})?$": "a plain amount such as 100 or 9.99",
    r"^[1-9][0-9]{0,4} (minute|hour|day|week|month|year)s?$": "a length such as 12 months",
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "a day such as 2026-01-31",
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$": "a local time such as 2026-01-31T19:00",
    r"^[1-9][0-9]{0,4} (day|week|month|year)s?$": "a length such as 12 months",
    r"^[A-Z]{3}$": "three capital letters such as EUR",
    r"^[A-Z]{2}$": "two capital letters such as DE",
}
_WORDS: Final[tuple[tuple[type, str], ...]] = (
    (look.StrType, "text"),
    (look.IntType, "a whole number"),
    (look.BoolType, "true or false"),
    (look.NoneType, "nothing"),
    (look.DictType, "a mapping of names to values"),
    (look.VarTupleType, "a list"),
    (look.ListType, "a list"),
    (look.StructType, "a mapping of fields"),
)
_LISTS: Final = (look.VarTupleType, look.ListType)


def convert(value: Any) -> tuple[Program | None, list[Finding]]:
    """The program in these values, or everything that keeps them from being one."""
    if not isinstance(value, dict):
        return None, [Finding((), "this is no program", "begin with `regulars: 1`")]
    return fitted(value, Program)


def fitted(value: Any, kind: type) -> tuple[Any, list[Finding]]:
    """What these values say as a thing of this kind, or everything that keeps them from it."""
    found: list[Finding] = []
    _fit(_shape(kind), value, (), found)
    if found:
        return None, found[:MOST_PROBLEMS]
    try:
        return msgspec.convert(value, kind, strict=True), []
    except msgspec.ValidationError as wrong:
        # Only a rule that msgspec knows and the walk above does not could lead here.
        return None, [Finding((), str(wrong))]


@cache
def _shape(kind: type) -> look.Type:
    return look.type_info(kind)


def _fit(shape: Any, value: Any, path: Path, found: list[Finding]) -> None:
    """Note what keeps a value from being of this shape; enough is enough."""
    if len(found) >= MOST_PROBLEMS:
        return
    if isinstance(shape, look.Metadata):
        shape = shape.type
    if isinstance(shape, look.AnyType):
        return
    if isinstance(shape, look.UnionType):
        _fit_union(shape, value, path, found)
    elif isinstance(shape, look.StructType):
        _fit_struct(shape, value, path, found)
    elif isinstance(shape, look.DictType):
        _fit_dict(shape, value, path, found)
    elif isinstance(shape, _LISTS):
        _fit_list(shape, value, path, found)
    elif isinstance(shape, look.LiteralType):
        _fit_choice(shape, value, path, found)
    else:
        _fit_plain(shape, value, path, found)


def _fit_union(shape: look.UnionType, value: Any, path: Path, found: list[Finding]) -> None:
    members = [m.type if isinstance(m, look.Metadata) else m for m in shape.types]
    tagged = [m for m in members if isinstance(m, look.StructType) and m.tag_field]
    fitting = [m for m in members if _same_kind(m, value)]
    if tagged and isinstance(value, dict):
        _fit_tagged(tagged, value, path, found)
    elif fitting:
        _fit(fitting[0], value, path, found)
    else:
        wanted = " or ".join(dict.fromkeys(_word(m) for m in members if _word(m) != "nothing"))
        found.append(_misfit(wanted, value, path))


def _fit_tagged(
    shapes: list[look.StructType], value: dict[str, Any], path: Path, found: list[Finding]
) -> None:
    field = shapes[0].tag_field or ""
    known = {str(shape.tag): shape for shape in shapes}
    tag = value.get(field)
    if tag is None:
        mend = f"add `{field}:` with one of {', '.join(known)}"
        found.append(Finding(path, f"the field {shown(field)} is missing", mend))
    elif not isinstance(tag, str) or tag not in known:
        mend = closest(str(tag), known)
        found.append(Finding((*path, field), f"nobody knows {shown(tag)} here", mend))
    else:
        _fit_struct(known[tag], value, path, found)


def _fit_struct(shape: look.StructType, value: Any, path: Path, found: list[Finding]) -> None:
    if not isinstance(value, dict):
        found.append(_misfit(_word(shape), value, path))
        return
    fields = {field.encode_name: field for field in shape.fields}
    tag = shape.tag_field
    if tag in value and value[tag] != shape.tag:
        found.append(Finding((*path, str(tag)), f"must be {shape.tag}"))
    for name in value:
        if name not in fields and name != tag and len(found) < MOST_PROBLEMS:
            mend = closest(name, fields)
            found.append(Finding((*path, name), f"there is no field {shown(name)} here", mend))
    for name, field in fields.items():
        if name in value:
            _fit(field.type, value[name], (*path, name), found)
        elif field.required:
            mend = f"add `{name}:` ({_hint(field.type)})"
            found.append(Finding(path, f"the field {shown(name)} is missing", mend))


def _fit_dict(shape: look.DictType, value: Any, path: Path, found: list[Finding]) -> None:
    if not isinstance(value, dict):
        found.append(_misfit(_word(shape), value, path))
        return
    _fit_length(shape, len(value), path, found)
    for name, item in value.items():
        _fit(shape.key_type, name, (*path, name), found)
        _fit(shape.value_type, item, (*path, name), found)


def _fit_list(shape: Any, value: Any, path: Path, found: list[Finding]) -> None:
    if not isinstance(value, list):
        found.append(_misfit(_word(shape), value, path))
        return
    _fit_length(shape, len(value), path, found)
    for place, item in enumerate(value):
        _fit(shape.item_type, item, (*path, place), found)


def _fit_length(shape: Any, length: int, path: Path, found: list[Finding]) -> None:
    if shape.min_length is not None and length < shape.min_length:
        found.append(Finding(path, "this is empty", f"at least {shape.min_length} is needed"))
    if shape.max_length is not None and length > shape.max_length:
        says = f"{length} entries are too many"
        found.append(Finding(path, says, f"at most {shape.max_length} are allowed"))


def _fit_choice(shape: look.LiteralType, value: Any, path: Path, found: list[Finding]) -> None:
    # True equals 1 in Python, so the kind is compared too.
    if not any(type(value) is type(v) and value == v for v in shape.values):
        words = [str(v) for v in shape.values]
        mend = closest(value, words) if isinstance(value, str) else f"known: {', '.join(words)}"
        found.append(Finding(path, f"{shown(value)} is not one of the choices", mend))


def _fit_plain(shape: Any, value: Any, path: Path, found: list[Finding]) -> None:
    if not _same_kind(shape, value):
        found.append(_misfit(_word(shape), value, path))
    elif isinstance(shape, look.StrType):
        _fit_text(shape, value, path, found)
    elif isinstance(shape, look.IntType):
        _fit_whole(shape, value, path, found)


def _fit_text(shape: look.StrType, value: str, path: Path, found: list[Finding]) -> None:
    length = len(value)
    if shape.pattern is not None and not re.search(shape.pattern, value):
        mend = f"write {_FORMS.get(shape.pattern, shape.pattern)}"
        found.append(Finding(path, f"{shown(value)} does not have the right form", mend))
    elif shape.pattern is not None and value.endswith("\n"):
        # `$` in a pattern also matches before a line's end.
        found.append(Finding(path, f"{shown(value)} ends with a line break", "remove it"))
    if shape.min_length is not None and length < shape.min_length:
        found.append(Finding(path, "this text is empty", "write something"))
    if shape.max_length is not None and length > shape.max_length:
        mend = f"at most {shape.max_length} characters"
        found.append(Finding(path, "this text is too long", mend))


def _fit_whole(shape: look.IntType, value: int, path: Path, found: list[Finding]) -> None:
    if shape.ge is not None and value < shape.ge:
        found.append(Finding(path, f"{value} is too small", f"at least {shape.ge}"))
    if shape.le is not None and value > shape.le:
        found.append(Finding(path, f"{shown(value)} is too large", f"at most {shape.le}"))


def _same_kind(shape: Any, value: Any) -> bool:
    kinds: dict[type, type] = {
        look.StrType: str,
        look.IntType: int,
        look.BoolType: bool,
        look.NoneType: type(None),
        look.DictType: dict,
        look.VarTupleType: list,
        look.ListType: list,
        look.StructType: dict,
        look.LiteralType: str,
    }
    return type(value) is kinds.get(type(shape))


def _misfit(wanted: str, value: Any, path: Path) -> Finding:
    if value is None:
        return Finding(path, "nothing stands here", f"{wanted} is needed")
    return Finding(path, f"{wanted} is needed here", f"this is {_kind_of(value)}")


def _kind_of(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return shown(value)


def _word(shape: Any) -> str:
    return next((word for kind, word in _WORDS if isinstance(shape, kind)), "a value")


def _hint(shape: Any) -> str:
    """What a missing field should hold, in a few words."""
    if isinstance(shape, look.Metadata):
        shape = shape.type
    if isinstance(shape, look.UnionType):
        return _hint(shape.types[0])
    if isinstance(shape, look.LiteralType):
        return "one of " + ", ".join(str(v) for v in shape.values)
    if isinstance(shape, look.StrType) and shape.pattern:
        return _FORMS.get(shape.pattern, "text")
    return _word(shape)
