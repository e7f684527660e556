"""Names that the world gives, and nobody declares, one letter away from one that is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from regulars.records.program.checks.caution.kinds import KINDS
from regulars.records.program.checks.walk import conditions_of, rules_of
from regulars.records.program.parts.gaming import Deed
from regulars.records.program.parts.measuring import ladders_of, measures_of
from regulars.records.program.problems import Finding, Path, shown, worded
from regulars.records.program.types import Program, StoreIs

_SHORTEST: Final = 5
_Named = tuple[Path, str]


def kinds_told(program: Program) -> set[str]:
    """Every kind of activity that this program names, or that is told anyway."""
    named = {kind for _, kind in _kinds(program)} | {one.on for one in program.advocacy}
    told = {str(case.given.get("kind", "")) for case in program.cases} - {""}
    return named | told | {*KINDS}


def slips(program: Program) -> Iterator[Finding]:
    """Kinds of activities, and stores, that are named once and almost as a known one is.

    Order: numbers make no slip (`hall-1`, `hall-2`), nor does a letter by itself (`shop-a`).
    """
    told = [one.on for one in program.advocacy]
    told += [str(case.given.get("kind", "")) for case in program.cases]
    for path, kind, near in _odd(list(_kinds(program)), KINDS, told):
        says = worded(
            "nothing else is told of %(kind)s, and %(near)s is spelled almost like it",
            kind=shown(kind),
            near=shown(near),
        )
        yield Finding(path, says, worded("did you mean %(near)s?", near=near), "warning")
    listed = [store for stores in program.store_groups.values() for store in stores]
    told = [str(case.given.get("store", "")) for case in program.cases]
    for path, store, near in _odd(list(_stores(program)), program.store_groups, [*told, *listed]):
        says = worded(
            "the store %(store)s is named here alone, and %(near)s is spelled almost like it",
            store=shown(store),
            near=shown(near),
        )
        yield Finding(path, says, worded("did you mean %(near)s?", near=near), "warning")


def _odd(
    named: list[_Named], known: Iterable[str], told: list[str]
) -> Iterator[tuple[Path, str, str]]:
    """Each name that no other part has, with the one it is almost spelled like: a known one, or one
    that is named more often."""
    times, parts = (
        Counter(name for _, name in named),
        Counter(name for _, name in {(path[0], name) for path, name in named}),
    )
    sure = {*known, *told, *(name for name, often in parts.items() if often > 1)}
    for path, name in named:
        rivals = sure | {one for one, often in times.items() if often > times[name]}
        near = next((one for one in sorted(rivals) if almost(name, one)), None)
        if near is not None and name not in sure:
            yield path, name, near


def _kinds(program: Program) -> Iterator[_Named]:
    for path, rule in rules_of(program):
        yield (*path, "on"), rule.on
    for path, deed in _deeds(program):
        yield (*path, "on"), deed.on
    for where, tiers in ladders_of(program):
        for path, measure in measures_of(tiers, where):
            for place, kind in enumerate(measure.kinds):
                yield (*path, "kinds", place), kind


def _deeds(program: Program) -> Iterator[tuple[Path, Deed]]:
    for name in ("challenges", "streaks", "milestones", "leaderboards", "draws"):
        for place, one in enumerate(getattr(program, name)):
            yield (name, place, "counts"), one.counts


def _stores(program: Program) -> Iterator[_Named]:
    # Where groups stood there are their stores by now, so a place in a list says nothing.
    lists: list[tuple[Path, tuple[str, ...]]] = [
        ((*path, "in"), one.in_) for path, one in conditions_of(program) if isinstance(one, StoreIs)
    ]
    for name in ("rewards", "benefits", "leaderboards"):
        places = enumerate(getattr(program, name))
        lists += [((name, place, "stores"), one.stores) for place, one in places]
    lists += [((*path, "stores"), deed.stores) for path, deed in _deeds(program)]
    for path, stores in lists:
        for store in stores:
            yield path, store


def almost(one: str, other: str) -> bool:
    """Whether two names differ by one letter, or by two that changed places.

    Example: `purchse` and `purchase`; not `shop-a` and `shop-b`.
    """
    if one == other or min(len(one), len(other)) < _SHORTEST:
        return False
    begins = _alike(one, other)
    left, right = one[begins:], other[begins:]
    ends = _alike(left[::-1], right[::-1])
    left, right = left[: len(left) - ends], right[: len(right) - ends]
    swapped = len(left) == 2 and left == right[::-1]
    if not swapped and max(len(left), len(right)) > 1:
        return False
    before, after = one[:begins], one[len(one) - ends :]
    around = _letters(before[::-1]) + _letters(after)
    return (left + right).isalpha() and around > 1


def _alike(one: str, other: str) -> int:
    """How many letters two texts begin with alike."""
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )


def _letters(text: str) -> int:
    """How many letters a text begins with."""
    return next((n for n, letter in enumerate(text) if not letter.isalpha()), len(text))
