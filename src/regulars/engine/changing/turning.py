"""Better or worse: how two values of one field compare, by which of them gives a member more.

A comparison says `better`, `worse`, `other` where it is not plain, and nothing where both are the
same. Several together are plain only where they all say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import fields, replace

from regulars.engine.calendar import span
from regulars.engine.changing.comparing import Turn

Found = Turn | None
Compare = Callable[[Any, Any], Found]
_FLIPPED: Final[Mapping[Found, Found]] = {"better": "worse", "worse": "better"}
_DAY: Final = 86_400


def together(found: Iterable[Found]) -> Found:
    """All of these as one: the same of all, or other."""
    turns = {one for one in found if one is not None}
    if len(turns) > 1:
        return "other"
    return turns.pop() if turns else None


def other(was: Any, is_: Any) -> Found:
    """A difference that nobody can weigh."""
    return None if was == is_ else "other"


def flip(found: Found) -> Found:
    """The other way round: what was more is less."""
    return _FLIPPED.get(found, found)


def flipped(compare: Compare) -> Compare:
    """A comparison the other way round."""
    return lambda was, is_: flip(compare(was, is_))


# --- one value ------------------------------------------------------------------------------------


def more(was: Any, is_: Any) -> Found:
    """The larger number, the later day, the longer time is better; what is not said is none."""
    return _sized(was, is_, -1)


def up_to(was: Any, is_: Any) -> Found:
    """As `more`, where what is not said has no end."""
    return _sized(was, is_, 1)


less: Final = flipped(more)
"""The smaller is better; what is not said asks for nothing."""
within: Final = flipped(up_to)
"""The smaller is better; what is not said never comes."""


def _sized(was: Any, is_: Any, unsaid: int) -> Found:
    if was == is_:
        return None
    one, two = (_size(value, unsaid) for value in (was, is_))
    if one == two:  # `30 days` and `1 month` are not the same; 5 and `5.00` are
        return "other" if isinstance(was, str) and " " in was else None
    return "better" if two > one else "worse"


def _size(value: Any, unsaid: int) -> tuple[int, Fraction]:
    if value is None:
        return unsaid, Fraction(0)
    if isinstance(value, str) and " " in value:
        length = span(value)
        return 0, Fraction(length.seconds + _DAY * (length.days + 30 * length.months))
    if isinstance(value, str) and value.count("-") == 2:
        return 0, Fraction(date.fromisoformat(value).toordinal())
    return 0, Fraction(str(value))


def yes(was: Any, is_: Any) -> Found:
    """That it is so is better."""
    return None if was == is_ else "better" if is_ else "worse"


no: Final = flipped(yes)


def ranked(*order: str) -> Compare:
    """The later one of these is better."""

    def compare(was: Any, is_: Any) -> Found:
        if was == is_ or was not in order or is_ not in order:
            return other(was, is_)
        return "better" if order.index(is_) > order.index(was) else "worse"

    return compare


# --- lists ----------------------------------------------------------------------------------------


def wider(was: Sequence[Hashable], is_: Sequence[Hashable]) -> Found:
    """More of them are better; where none is named, everything counts."""
    one, two = set(was), set(is_)
    if one == two:
        return None
    if not one or not two:
        return "worse" if two else "better"
    return "better" if one < two else "worse" if two < one else "other"


def fuller(was: Sequence[Hashable], is_: Sequence[Hashable]) -> Found:
    """More of them are better; where none is named, there is nothing."""
    one, two = set(was), set(is_)
    return None if one == two else "better" if one < two else "worse" if two < one else "other"


fewer: Final = flipped(fuller)
"""Fewer of them are better: each takes something away."""


def keyed(compare: Compare) -> Compare:
    """Of mappings: what is named besides is better, and each by itself."""

    def by_name(was: Mapping[str, Any], is_: Mapping[str, Any]) -> Found:
        found: list[Found] = [fuller(list(was), list(is_))]
        found += [compare(was[name], is_[name]) for name in was if name in is_]
        return together(found)

    return by_name


def rows(compare: Compare, *names: str) -> Compare:
    """Of lists of parts that are told apart by these fields."""

    def by_name(was: Sequence[Struct], is_: Sequence[Struct]) -> Found:
        one, two = ({text(each, names): each for each in side} for side in (was, is_))
        return keyed(compare)(one, two)

    return by_name


def text(part: Struct, names: Sequence[str]) -> str:
    """What tells a part from others of its kind."""
    return repr([getattr(part, name) for name in names])


def less_bound(was: object, is_: object) -> Found:
    """A condition that is no more is better, and one that is new is worse; two are not weighed."""
    return no(bool(was), bool(is_)) or other(was, is_)


# --- parts ----------------------------------------------------------------------------------------


def parts(**compares: Compare) -> Compare:
    """Of two parts of a kind: each field by what is said here; any other field is not plain."""

    def compare(was: Any, is_: Any) -> Found:
        if was == is_:
            return None
        if type(was) is not type(is_) or not isinstance(was, Struct):
            return "other"
        return together(
            compares.get(one.name, other)(getattr(was, one.name), getattr(is_, one.name))
            for one in fields(was)
        )

    return compare


_GOODS: Final = ("only_categories", "only_skus", "categories", "skus")


def goods(was: Any, is_: Any) -> Found:
    """Goods of either list of a part count, category or article; where both are empty, all do."""
    return wider(*(
        [(name, each) for name, listed in goods_of(one).items() for each in listed]
        for one in (was, is_)
    ))  # fmt: skip


def goods_of(part: Any) -> dict[str, Any]:
    """The lists of goods a part has, by their names."""
    return {name: getattr(part, name) for name in _GOODS if hasattr(part, name)}


def with_goods(compare: Compare) -> Compare:
    """Of two parts of a kind: both lists of goods as one, and all else as told."""

    def both(was: Any, is_: Any) -> Found:
        if type(was) is not type(is_) or not isinstance(was, Struct):
            return compare(was, is_)
        return together([goods(was, is_), compare(was, replace(is_, **goods_of(was)))])

    return both


def given(compare: Compare) -> Compare:
    """Something is better than nothing."""
    return lambda was, is_: (
        compare(was, is_) if was is not None and is_ is not None else yes(was, is_)
    )


def asked(compare: Compare) -> Compare:
    """Nothing is better than something: it asks for more, or takes away."""
    return lambda was, is_: (
        compare(was, is_) if was is not None and is_ is not None else no(was, is_)
    )


def turned(compares: Mapping[str, Compare], name: str, both: tuple[Any, Any]) -> Turn:
    """Which way a field turns that differs."""
    return compares.get(name, other)(*both) or "other"
