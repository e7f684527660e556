"""Lists of a part as rows of a form: conditions and groups of them, limits, the rows of a table."""

from __future__ import annotations

from typing import Any, Final

from regulars.records.program.parsing.nodes import DEEPEST
from regulars.records.program.types import All, AnyOf, Not
from regulars.surfaces.console.terms.editor import keyed
from regulars.surfaces.console.terms.editor.leaves import Typed
from regulars.surfaces.console.terms.editor.slots import MOST_ROWS, Slot

ALL: Final = str(All.__struct_config__.tag)
ANY: Final = str(AnyOf.__struct_config__.tag)
NONE: Final = str(Not.__struct_config__.tag)
INSIDE: Final = {ALL: "of", ANY: "of", NONE: "that"}
"""Conditions that hold others, and the field in which they do."""


def rows_of(slot: Slot, value: Any) -> list[Any]:
    """The parts of a list as a form shows them; one condition alone is a list of one."""
    if slot.keyed:
        return list(keyed.rows(value))
    if not slot.joins:
        return list(value) if isinstance(value, list | tuple) else []
    if value is None:
        return []
    joined = isinstance(value, dict) and value.get(slot.tag) == slot.joins
    return list(value.get("of") or ()) if joined else [value]


def listed(slot: Slot, rows: list[Any], was: Any) -> Any:
    """What a file says for these rows; nothing where there are none."""
    if slot.keyed:
        return keyed.told(rows, several=slot.several)
    if not slot.joins:
        return rows or None
    joined = isinstance(was, dict) and was.get(slot.tag) == slot.joins
    if joined and rows:
        return {**was, "of": rows}
    if len(rows) > 1:
        return {slot.tag: slot.joins, "of": rows}
    return rows[0] if rows else None


def before_of(slot: Slot, there: list[Any], at: str, typed: Typed) -> Any:
    """What a row was in the file; a group of conditions as the kind it is to be now."""
    number = _place(typed.get(f"{at}.is", ("",))[-1])
    if not 0 <= number < len(there):
        return None
    was = there[number]
    return _regrouped(was, typed.get(f"{at}.{slot.tag}", ("",))[-1]) if slot.tag else was


def _regrouped(was: Any, tag: str) -> Any:
    """The same conditions, of which now all, any or none are to hold."""
    before = str(was.get("if", "")) if isinstance(was, dict) else ""
    if before == tag or before not in INSIDE or tag not in INSIDE:
        return was
    inside = was.get(INSIDE[before])
    if before == NONE:
        joined = isinstance(inside, dict) and inside.get("if") == ANY
        inside = inside.get("of") if joined and isinstance(inside, dict) else [inside]
    if tag != NONE:
        return {"if": tag, "of": inside}
    single = isinstance(inside, list) and len(inside) == 1
    return {"if": tag, "that": inside[0] if single else {"if": ANY, "of": inside}}


def is_open(slot: Slot, value: Any) -> bool:
    """Whether a form has fields for this part; otherwise it is changed in the file alone."""
    if not isinstance(value, dict):
        return False
    return slot.part(str(value.get(slot.tag, ""))) is not None


def count_of(name: str, typed: Typed) -> int:
    """How many rows a form has of this list."""
    if name.count(".") > DEEPEST:  # a file has no deeper place; nor has the stack
        return 0
    return min(max(_place(typed.get(f"{name}.n", ("0",))[-1]), 0), MOST_ROWS)


def _place(text: str) -> int:
    """A number that our own form put there; -1 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1


# --- what a button does, before anything is kept -----------------------------------


def turned(typed: Typed, do: str) -> Typed | None:
    """The form with a row more or less, or with the fields of another kind; nothing where it is
    to be kept as it is."""
    act, _, what = do.partition(":")
    if act == "more":
        return with_row(typed, what, count_of(what, typed))
    if act == "less":
        return without_row(typed, *what.rsplit(".", 1))
    changed = {
        field: told
        for field, told in typed.items()
        if field.endswith(".was") and typed.get(_tag_of(field, typed), told) != told
    }
    if not changed:
        return None
    found = {**typed, **{field: typed[_tag_of(field, typed)] for field in changed}}
    for field, was in changed.items():
        found = _moved(found, field.removesuffix(".was"), was[-1])
    return found


def _tag_of(field: str, typed: Typed) -> str:
    name = field.removesuffix(".was")
    tags = (f"{name}.give", f"{name}.kind", f"{name}.if")
    return next((one for one in tags if one in typed), field)


def _moved(typed: Typed, name: str, was: str) -> dict[str, tuple[str, ...]]:
    """What was typed in a group of conditions, where the group is of another kind now."""
    is_ = typed.get(f"{name}.if", ("",))[-1]
    if was not in INSIDE or is_ not in INSIDE:
        return dict(typed)
    before, after = f"{name}.{INSIDE[was]}.", f"{name}.{INSIDE[is_]}."
    return {
        after + field.removeprefix(before) if field.startswith(before) else field: told
        for field, told in typed.items()
    }


def with_row(typed: Typed, name: str, count: int) -> Typed:
    """The form with one more row of this list."""
    if count >= MOST_ROWS:
        return typed
    fresh: dict[str, tuple[str, ...]] = {
        f"{name}.n": (str(count + 1),),
        f"{name}.{count}.is": ("",),
    }
    tag = typed.get(f"{name}.more")
    if not tag:
        return {**typed, **fresh}
    fresh[f"{name}.{count}.if"] = tag
    if tag[-1] in INSIDE:
        fresh[f"{name}.{count}.was"] = tag
    return {**typed, **fresh}


def without_row(typed: Typed, name: str, place: str = "") -> Typed:
    """The form without a row; those behind it move up."""
    gone, count = _place(place), count_of(name, typed)
    if not 0 <= gone < count:
        return typed
    found: dict[str, tuple[str, ...]] = {}
    for field, told in typed.items():
        number, _, rest = field.removeprefix(name + ".").partition(".")
        at = _place(number)
        if not field.startswith(name + ".") or at < 0:
            found[field] = told
        elif at != gone:
            found[f"{name}.{at - (at > gone)}.{rest}"] = told
    return {**found, f"{name}.n": (str(count - 1),)}
