"""The steps of a ladder on its form: in order by what they take, each with a name for ever."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from regulars.surfaces.console.terms.editor.leaves import Desk, Typed
from regulars.surfaces.console.terms.editor.rows import count_of

STEPS: Final = "steps"
_PLAIN: Final = re.compile(r"[0-9]{1,13}(\.[0-9]{1,6})?\Z", re.ASCII)
_LONGEST: Final = 36
"""So that a number behind it has room."""


def in_order(typed: Typed, desk: Desk) -> Typed:
    """The form with its steps from the lowest to the highest; as it is while one takes no number.

    Keeps: steps that take the same stay in the order they were typed in.
    """
    count = count_of(STEPS, typed)
    takes = [desk.plain(typed.get(f"{STEPS}.{n}.at", ("",))[-1].strip()) for n in range(count)]
    if not all(map(_PLAIN.match, takes)):
        return typed
    order = sorted(range(count), key=lambda n: Decimal(takes[n]))
    return {_moved(field, order): told for field, told in typed.items()}


def _moved(field: str, order: Sequence[int]) -> str:
    head, _, rest = field.partition(".")
    place, dot, inside = rest.partition(".")
    if head != STEPS or not dot or not place.isdigit() or int(place) not in order:
        return field
    return f"{STEPS}.{order.index(int(place))}.{inside}"


def with_ids(value: Mapping[str, Any], program: Mapping[str, Any]) -> dict[str, Any]:
    """The ladder with a short name for each step that has none, which no tier has yet.

    Example: a step called Grüner Daumen is `gruner-daumen`, the next one `gruner-daumen-2`.
    """
    taken, found = set(ids_of(program)), []
    for step in value.get(STEPS) or ():
        id_ = step.get("id") or fresh(str(step.get("name") or ""), taken, "step")
        taken.add(id_)
        found.append({"id": id_, **step})
    return {**value, STEPS: found}


def ids_of(program: Mapping[str, Any]) -> Iterator[str]:
    """The short names of all steps of the tiers and of the ladders beside them."""
    ladders = program.get("ladders")
    beside = ladders.values() if isinstance(ladders, dict) else ()
    for ladder in (program.get("tiers"), *beside):
        yield from step_ids(ladder)


def step_ids(ladder: Any) -> list[str]:
    """The short names of the steps of one ladder, whatever else its file says."""
    steps = ladder.get(STEPS) if isinstance(ladder, dict) else None
    steps = steps if isinstance(steps, list) else []
    return [str(one["id"]) for one in steps if isinstance(one, dict) and "id" in one]


def fresh(name: str, taken: set[str] | Mapping[str, Any], otherwise: str) -> str:
    """A short name of this name that nothing has yet; of letters we cannot write, `otherwise`."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")
    base = base if base[:1].isalpha() else otherwise
    names = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
    return next(one for one in names if one not in taken)
