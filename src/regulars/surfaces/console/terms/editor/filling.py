"""A part of a file as the fields of a form, and what was typed as that part again.

What the form has no field for is in neither: it stays in the part as the file says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from regulars.surfaces.console.terms.editor import keyed, words
from regulars.surfaces.console.terms.editor.leaves import (
    Desk,
    Typed,
    WrongError,
    fits,
    meant,
    shown,
)
from regulars.surfaces.console.terms.editor.rows import (
    before_of,
    count_of,
    is_open,
    listed,
    rows_of,
)
from regulars.surfaces.console.terms.editor.slots import MOST_ROWS, NESTED, Slot, slots

Wrong = dict[str, str]
_SAID_ELSEWHERE: Final = {"Wallet": ("kind",), "Tiers": ("steps",)}
"""What a sentence says, or has a form of its own; it needs no mention beside one."""


def beside(part: type, value: Mapping[str, Any]) -> list[str]:
    """The fields of a part that stand in the file and have no place on the form."""
    known = {one.name: one for one in slots(part)}
    tag = part.__struct_config__.tag_field  # type: ignore[attr-defined]
    return [
        name
        for name, one in value.items()
        if name not in ("id", tag, *_SAID_ELSEWHERE.get(part.__name__, ()))
        and (name not in known or not _fits(known[name], one) or _closed(known[name], one))
    ]


def unseen(part: type, value: Mapping[str, Any]) -> list[str]:
    """The same with what is inside its parts: `prize.uses` where only that has no place."""
    found, names = [], beside(part, value)
    for slot in slots(part):
        if slot.name in names:
            found.append(slot.name)
        for at, kind, one in _inside(slot, value.get(slot.name)):
            found += [f"{at}.{name}" for name in unseen(kind, one)]
    return [*found, *(one for one in names if one not in found)]


def _inside(slot: Slot, value: Any) -> Iterator[tuple[str, type, dict[str, Any]]]:
    """The parts within a field, each with its name; of a long list the first ones."""
    if slot.kind not in NESTED:
        return
    several = slot.kind == "rows"
    for place, one in enumerate(rows_of(slot, value)[:MOST_ROWS] if several else [value]):
        kind = slot.part(str(one.get(slot.tag, ""))) if isinstance(one, dict) else None
        if kind is not None:
            yield (f"{slot.name}[{place}]" if several else slot.name), kind.cls, one


def _fits(slot: Slot, value: Any) -> bool:
    return fits(slot, value) and (slot.kind != "rows" or len(rows_of(slot, value)) <= MOST_ROWS)


def _closed(slot: Slot, value: Any) -> bool:
    """A part of a kind that the form does not know."""
    return slot.kind in ("kinds", "part") and value is not None and not is_open(slot, value)


def typed_of(part: type, value: Any, desk: Desk, before: str = "") -> dict[str, tuple[str, ...]]:
    """What stands in every input of the form of a part."""
    found: dict[str, tuple[str, ...]] = {}
    value = value if isinstance(value, dict) else {}
    for slot in slots(part):
        name, there = before + slot.name, value.get(slot.name, slot.otherwise)
        if not _fits(slot, value.get(slot.name)):
            continue
        if slot.kind == "rows":
            found |= _typed_rows(slot, value.get(slot.name), desk, name)
        elif slot.kind in ("part", "kinds"):
            found |= _typed_part(slot, value.get(slot.name), desk, name)
        else:
            found |= shown(slot, name, there, desk)
    return found


def _typed_part(slot: Slot, value: Any, desk: Desk, name: str) -> dict[str, tuple[str, ...]]:
    tag = str(value.get(slot.tag, "")) if isinstance(value, dict) else ""
    kind = slot.part(tag)
    found: dict[str, tuple[str, ...]] = {}
    if slot.tag:
        found = {f"{name}.{slot.tag}": (tag,), f"{name}.was": (tag,)}
    if slot.switched:
        found = {f"{name}.there": () if value is None else ("yes",)}
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
        if not _fits(slot, there) or (slot.name in was and _closed(slot, there)):
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
    if kind is None or (slot.switched and not any(typed.get(f"{name}.there", ()))):
        return None, {}
    same_kind = isinstance(was, dict) and str(was.get(slot.tag, "")) == tag
    kept = was if same_kind else _carried(kind.cls, was)
    value, wrong = value_of(kind.cls, typed, kept, desk, name + ".")
    if isinstance(was, dict) and value == {k: v for k, v in was.items() if k != slot.tag}:
        return was, wrong
    if slot.switched:
        return value, wrong
    if not slot.needed and not slot.tag and not _said(kind.cls, name, typed, desk):
        return None, {}
    if slot.tag:
        value = {slot.tag: tag, **{k: v for k, v in value.items() if k != slot.tag}}
    return (value or None), wrong


def _carried(part: type, was: Any) -> dict[str, Any]:
    """Of a part of another kind, what this kind has as well."""
    known = {one.name for one in slots(part)}
    return {k: v for k, v in was.items() if k in known} if isinstance(was, dict) else {}


def _said(part: type, name: str, typed: Typed, desk: Desk) -> bool:
    """Whether anything was filled in besides choices, which always say something."""
    for slot in slots(part):
        field = f"{name}.{slot.name}"
        told = typed.get(field, ("",))
        usual = "" if slot.otherwise is None else str(slot.otherwise)
        if slot.kind == "refer" and slot.needed:
            continue  # a list to choose from always says something
        as_shown = {} if slot.kind in NESTED else shown(slot, field, slot.otherwise, desk)
        besides = ("", usual, *as_shown.get(field, ()))
        if slot.kind not in ("choice",) and any(one.strip() not in besides for one in told):
            return True
        if slot.kind == "choice" and slot.otherwise is not None and told[-1:] != (usual,):
            return bool(told[-1:] and told[-1])
    return False


def _rows(slot: Slot, name: str, typed: Typed, was: Any, desk: Desk) -> tuple[Any, Wrong]:
    there, rows, wrong = rows_of(slot, was), [], Wrong()
    for place in range(count_of(name, typed)):
        one = f"{name}.{place}"
        before = before_of(slot, there, one, typed)
        if before is not None and not is_open(slot, before):
            rows.append(before)
            continue
        kind = slot.part(typed.get(f"{one}.{slot.tag}", ("",))[-1])
        if kind is None:
            continue
        if slot.tag and before is not None and before.get(slot.tag) != kind.tag:
            before = None
        value, ill = value_of(kind.cls, typed, before, desk, one + ".")
        if slot.tag:
            value = {slot.tag: kind.tag, **{k: v for k, v in value.items() if k != slot.tag}}
        rows.append(value)
        wrong |= ill
    if slot.keyed and not slot.several:
        wrong |= {f"{name}.{n}.{keyed.KEY}": desk.say(words.TWICE) for n in keyed.twice(rows)}
    return listed(slot, rows, was), wrong


def field_of(part: type, value: Any, path: Sequence[str | int]) -> str:
    """How the form of a part names what stands at a path below it; nothing for the part itself.

    Example: `when.of[1].that.at_least` is `when.1.that.0.at_least`.
    """
    if not path:
        return ""
    slot = next((one for one in slots(part) if one.name == path[0]), None)
    if slot is None or not isinstance(value, dict):
        return ".".join(map(str, path))
    there, rest, name = value.get(slot.name), path[1:], slot.name
    if slot.keyed:
        rows, (place, rest) = rows_of(slot, there), keyed.place_of(there, rest)
        if not 0 <= place < len(rows):
            return name
        there, name, rest = rows[place], f"{name}.{place}", rest or (keyed.KEY,)
    elif slot.kind == "rows":
        if slot.joins and isinstance(there, dict) and there.get(slot.tag) == slot.joins:
            rest = rest[1:]
        elif slot.joins:
            rest = (0, *rest)
        rows, place = rows_of(slot, there), int(rest[0]) if rest else -1
        if not 0 <= place < len(rows):
            return name
        there, rest, name = rows[place], rest[1:], f"{name}.{place}"
    elif slot.kind not in NESTED:
        return name
    kind = slot.part(str(there.get(slot.tag, ""))) if isinstance(there, dict) else None
    inner = field_of(kind.cls, there, rest) if kind else ""
    return f"{name}.{inner}" if inner else name
