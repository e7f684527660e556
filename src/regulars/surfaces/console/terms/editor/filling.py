"""A part of a file as the fields of a form, and what was typed as that part again.

What the form has no field for is in neither: it stays in the part as the file says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from regulars.records.program.types import All
from regulars.surfaces.console.terms.editor import words
from regulars.surfaces.console.terms.editor.leaves import (
    Desk,
    Typed,
    WrongError,
    fits,
    meant,
    shown,
)
from regulars.surfaces.console.terms.editor.slots import Slot, slots

Wrong = dict[str, str]
_SAID_ELSEWHERE: Final = {"Wallet": ("kind",), "Tiers": ("steps",)}
"""What a sentence says, or has a form of its own; it needs no mention beside one."""


def rows_of(slot: Slot, value: Any) -> list[Any]:
    """The parts of a list as a form shows them; one condition alone is a list of one."""
    if slot.tag != "if":
        return list(value or ())
    if value is None:
        return []
    is_all = isinstance(value, dict) and value.get("if") == "all"
    return list(value.get("of") or ()) if is_all else [value]


def is_open(slot: Slot, value: Any) -> bool:
    """Whether a form has fields for this part; otherwise it is changed in the file alone."""
    if not isinstance(value, dict):
        return False
    return slot.part(str(value.get(slot.tag, ""))) is not None


def beside(part: type, value: Mapping[str, Any]) -> list[str]:
    """The fields of a part that stand in the file and have no place on the form."""
    known = {one.name: one for one in slots(part)}
    tag = part.__struct_config__.tag_field  # type: ignore[attr-defined]
    return [
        name
        for name, one in value.items()
        if name not in ("id", tag, *_SAID_ELSEWHERE.get(part.__name__, ()))
        and (name not in known or not fits(known[name], one) or _closed(known[name], one))
    ]


def _closed(slot: Slot, value: Any) -> bool:
    """A part of a kind that the form does not know."""
    return slot.kind in ("kinds", "part") and value is not None and not is_open(slot, value)


def typed_of(part: type, value: Any, desk: Desk, before: str = "") -> dict[str, tuple[str, ...]]:
    """What stands in every input of the form of a part."""
    found: dict[str, tuple[str, ...]] = {}
    value = value if isinstance(value, dict) else {}
    for slot in slots(part):
        name, there = before + slot.name, value.get(slot.name, slot.otherwise)
        if slot.kind == "rows":
            found |= _typed_rows(slot, value.get(slot.name), desk, name)
        elif slot.kind in ("part", "kinds"):
            found |= _typed_part(slot, value.get(slot.name), desk, name)
        elif fits(slot, value.get(slot.name)):
            found |= shown(slot, name, there, desk)
    return found


def _typed_part(slot: Slot, value: Any, desk: Desk, name: str) -> dict[str, tuple[str, ...]]:
    tag = str(value.get(slot.tag, "")) if isinstance(value, dict) else ""
    kind = slot.part(tag)
    found: dict[str, tuple[str, ...]] = {}
    if slot.tag:
        found = {f"{name}.{slot.tag}": (tag,), f"{name}.was": (tag,)}
    if kind is None:
        return found
    return found | typed_of(kind.cls, value, desk, name + ".")


def _typed_rows(slot: Slot, value: Any, desk: Desk, name: str) -> dict[str, tuple[str, ...]]:
    rows = rows_of(slot, value)
    found: dict[str, tuple[str, ...]] = {f"{name}.n": (str(len(rows)),)}
    for place, row in enumerate(rows):
        found |= {f"{name}.{place}.is": (str(place),)}
        if is_open(slot, row):
            found |= _typed_part(slot, row, desk, f"{name}.{place}")
    return found


def value_of(
    part: type, typed: Typed, was: Any, desk: Desk, before: str = ""
) -> tuple[dict[str, Any], Wrong]:
    """The part as it is meant now, with everything the form does not show as it was; and what is
    wrong with what was typed, by the name of its field."""
    was = was if isinstance(was, dict) else {}
    value, wrong = dict(was), Wrong()
    for slot in slots(part):
        name, there = before + slot.name, was.get(slot.name)
        if not fits(slot, there) or (slot.name in was and _closed(slot, there)):
            continue
        try:
            is_, ill = _meant(slot, name, typed, there, desk)
        except WrongError as error:
            wrong[name] = str(error)
            continue
        wrong |= ill
        if is_ is None and slot.needed and not ill:
            wrong[name] = desk.say(words.NEEDED)
        elif is_ is None:
            value.pop(slot.name, None)
        elif slot.name in was or not _as_usual(slot, is_):
            value[slot.name] = is_
    return value, wrong


def _meant(slot: Slot, name: str, typed: Typed, was: Any, desk: Desk) -> tuple[Any, Wrong]:
    if slot.kind == "rows":
        return _rows(slot, name, typed, was, desk)
    if slot.kind in ("part", "kinds"):
        return _part(slot, name, typed, was, desk)
    there = was if was is not None else slot.otherwise
    before = shown(slot, name, there, desk)
    if all(_same(typed.get(field, ()), told) for field, told in before.items()) and (
        slot.kind != "prices" or set(before) == _filled(name, typed)
    ):
        return was, {}  # to the character as it was
    return meant(slot, name, typed, desk), {}


def _filled(name: str, typed: Typed) -> set[str]:
    return {one for one, told in typed.items() if one.startswith(name + ".") and any(told)}


def _same(typed: tuple[str, ...], told: tuple[str, ...]) -> bool:
    # A browser sends line breaks as two characters.
    return tuple(one.replace("\r\n", "\n").strip() for one in typed) == told


def _as_usual(slot: Slot, value: Any) -> bool:
    """What holds anyway need not be written."""
    return value == slot.otherwise or (value is False and not slot.otherwise)


def _part(slot: Slot, name: str, typed: Typed, was: Any, desk: Desk) -> tuple[Any, Wrong]:
    tag = typed.get(f"{name}.{slot.tag}", ("",))[-1] if slot.tag else ""
    kind = slot.part(tag)
    if kind is None:
        return None, {}
    same_kind = isinstance(was, dict) and str(was.get(slot.tag, "")) == tag
    kept = was if same_kind else _carried(kind.cls, was)
    value, wrong = value_of(kind.cls, typed, kept, desk, name + ".")
    if isinstance(was, dict) and value == {k: v for k, v in was.items() if k != slot.tag}:
        return was, wrong
    if not slot.needed and not slot.tag and not _said(kind.cls, name, typed):
        return None, {}
    if slot.tag:
        value = {slot.tag: tag, **{k: v for k, v in value.items() if k != slot.tag}}
    return (value or None), wrong


def _carried(part: type, was: Any) -> dict[str, Any]:
    """Of a part of another kind, what this kind has as well."""
    known = {one.name for one in slots(part)}
    return {k: v for k, v in was.items() if k in known} if isinstance(was, dict) else {}


def _said(part: type, name: str, typed: Typed) -> bool:
    """Whether anything was filled in besides choices, which always say something."""
    for slot in slots(part):
        told = typed.get(f"{name}.{slot.name}", ("",))
        usual = "" if slot.otherwise is None else str(slot.otherwise)
        if slot.kind not in ("choice",) and any(one.strip() not in ("", usual) for one in told):
            return True
        if slot.kind == "choice" and slot.otherwise is not None and told[-1:] != (usual,):
            return bool(told[-1:] and told[-1])
    return False


def _rows(slot: Slot, name: str, typed: Typed, was: Any, desk: Desk) -> tuple[Any, Wrong]:
    there, rows, wrong = rows_of(slot, was), [], Wrong()
    for place in range(count_of(name, typed)):
        one = f"{name}.{place}"
        number = typed.get(f"{one}.is", ("",))[-1]
        before = there[int(number)] if number.isdigit() and int(number) < len(there) else None
        if before is not None and not is_open(slot, before):
            rows.append(before)
            continue
        kind = slot.part(typed.get(f"{one}.{slot.tag}", ("",))[-1])
        if kind is None:
            continue
        value, ill = value_of(kind.cls, typed, before, desk, one + ".")
        if slot.tag:
            value = {slot.tag: kind.tag, **{k: v for k, v in value.items() if k != slot.tag}}
        rows.append(value)
        wrong |= ill
    return _listed(slot, rows, was), wrong


def _listed(slot: Slot, rows: list[Any], was: Any) -> Any:
    if slot.tag != "if":
        return rows or None
    is_all = isinstance(was, dict) and was.get("if") == All.__struct_config__.tag
    if is_all and rows:
        return {**was, "of": rows}
    if len(rows) > 1:
        return {"if": "all", "of": rows}
    return rows[0] if rows else None


def count_of(name: str, typed: Typed) -> int:
    """How many rows a form has of this list."""
    told = typed.get(f"{name}.n", ("0",))[-1]
    return min(int(told), 64) if told.isascii() and told.isdigit() and len(told) < 4 else 0
