"""The first half of a compiled rule: reading the activity once, line by line.

Everything the rules of one kind of activity ask for is gathered here first, so the basket is
walked once however many rules look at it.

Safety: text that people wrote (categories, stores, attributes) never becomes source. It is kept
in a tuple of constants and the source says `K0`, `K1`; numbers pass `number`, which takes ints
only. Target: this is the only file whose text touches strings. For numba write a second `Sheet`
in which `K3` is a table over interned codes (`K3[category] == 1`), attributes are columns of
codes, and the loop runs over index ranges of flat arrays; all else is integer arithmetic already.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from regulars.engine.compiling.grid import STEPS

_FACTS: Final = (
    "day", "weekday", "hour", "channel", "store", "tier", "further", "member", "details",
    "currency",
)  # fmt: skip
ROUNDING_STEPS: Final = 8
"""So much more than adding does it cost to round each line by itself."""


class Goods(NamedTuple):
    """Which lines of a basket are meant: by category or by article; None is every line."""

    categories: frozenset[str]
    skus: frozenset[str]


class Share(NamedTuple):
    """How each line's share is rounded by itself: `amount × rate` to whole steps of `size`."""

    mode: str
    rate: int
    size: int


class _Sum(NamedTuple):
    """One total over the basket: which lines, what it starts with, what a line adds."""

    which: Goods | None
    start: str
    term: str


def goods(categories: tuple[str, ...], skus: tuple[str, ...]) -> Goods | None:
    """The lines these names mean; no name at all means every line."""
    return Goods(frozenset(categories), frozenset(skus)) if categories or skus else None


def number(value: int) -> str:
    """A whole number as source text; anything else is a bug, never source."""
    assert type(value) is int, value
    return repr(value)


class Constants:
    """The words of a program that its compiled source refers to by place."""

    def __init__(self) -> None:
        self._names: dict[tuple[type, Any], str] = {}

    def name(self, value: Any) -> str:
        """The name under which the source finds this value."""
        # 1 and True are equal in Python and different things in a program, hence the type.
        return self._names.setdefault((type(value), value), f"K{len(self._names)}")

    def values(self) -> tuple[Any, ...]:
        """All of them, `K0` first."""
        return tuple(value for _, value in self._names)


class Sheet:
    """What the rules of one kind of activity want to know, each thing asked for once."""

    def __init__(self, constants: Constants, definitions: int) -> None:
        self.constants = constants
        self.definitions = definitions
        self.facts: set[str] = set()
        self._asides: dict[str, str] = {}
        self._sums: dict[_Sum, str] = {}

    def fact(self, name: str) -> str:
        """A plain fact of the activity: its day, its store, the member's tier."""
        assert name in _FACTS, name
        self.facts.add(name)
        return name

    def one_of(self, name: str, words: tuple[str, ...]) -> str:
        """Is this fact one of these words?"""
        return f"{self.fact(name)} in {self.constants.name(frozenset(words))}"

    def attribute_is(self, owner: str, key: str, values: tuple[bool | int | str, ...]) -> str:
        """Has the member (or the activity) this attribute with one of these values?

        Keeps: True is not 1, "1" is not 1; a missing attribute matches nothing.
        """
        got = f"{self.fact(owner)}.get({self.constants.name(key)})"
        if all(type(value) is str for value in values):
            return f"{got} in {self.constants.name(frozenset(values))}"
        typed = frozenset((type(value), value) for value in values)
        name = self.aside(got)
        return f"(type({name}), {name}) in {self.constants.name(typed)}"

    def aside(self, text: str) -> str:
        """A part worked out beforehand and only once, so that brackets never nest deep."""
        return self._asides.setdefault(text, f"v{len(self._asides)}")

    def pieces(self, which: Goods | None) -> str:
        """How many pieces of these goods are in the basket, without those that were free."""
        return self._sum(which, "quantity - free", "0")

    def left(self) -> str:
        """How many pieces of the basket have not come back, those that were free too."""
        return self._sum(None, "quantity", "0")

    def amount(self, which: Goods | None, definition: int) -> str:
        """What of these goods qualifies; for every line with shipping and tips that qualify."""
        start = f"extras[{number(definition)}]" if which is None else "0"
        return self._sum(which, f"amounts[{number(definition)}]", start)

    def line_amount(self, which: Goods | None, definition: int) -> str:
        """What of these goods qualifies, the lines alone."""
        return self._sum(which, f"amounts[{number(definition)}]", "0")

    def rounded(self, which: Goods | None, definition: int, share: Share) -> str:
        """The shares of these goods, each line rounded by itself, and the extras too."""

        assert share.mode in STEPS, share

        def steps(amount: str) -> str:
            grains = f"{amount} * {number(share.rate)}"
            return f"{share.mode}_steps({grains}, {number(share.size)})"

        start = steps(f"extras[{number(definition)}]") if which is None else "0"
        name = self._sum(which, steps(f"amounts[{number(definition)}]"), start)
        return f"{name} * {number(share.size)}"

    def _sum(self, which: Goods | None, term: str, start: str) -> str:
        return self._sums.setdefault(_Sum(which, start, term), f"s{len(self._sums)}")

    def text(self) -> list[str]:
        """The lines of source that read the activity, in the order they must stand."""
        reads = [f"{name} = facts.{name}" for name in _FACTS if name in self.facts]
        if any("extras[" in wanted.start for wanted in self._sums):
            nothing = self.constants.name((0,) * self.definitions)
            reads.append(f"extras = facts.extras or {nothing}")
        starts = [f"{name} = {wanted.start}" for wanted, name in self._sums.items()]
        asides = [f"{name} = {text}" for text, name in self._asides.items()]
        return [*reads, *starts, *self._loop(), *asides]

    def _loop(self) -> list[str]:
        if not self._sums:
            return []
        text = ["for sku, category, quantity, amounts, free in facts.lines:"]
        for which, adds in self._by_goods().items():
            test = [] if which is None else [f"    if {self._matches(which)}:"]
            indent = "    " if which is None else "        "
            text += test + [indent + add for add in adds]
        return text

    def _by_goods(self) -> dict[Goods | None, list[str]]:
        adds: dict[Goods | None, list[str]] = {}
        for wanted, name in self._sums.items():
            adds.setdefault(wanted.which, []).append(f"{name} += {wanted.term}")
        return adds

    def steps_each_line(self) -> int:
        """How much is done for each line of a basket: a step for each question and each sum."""
        asked = {wanted.which for wanted in self._sums if wanted.which is not None}
        questions = sum(bool(which.categories) + bool(which.skus) for which in asked)
        return questions + sum(
            ROUNDING_STEPS if "_steps(" in wanted.term else 1 for wanted in self._sums
        )

    def _matches(self, which: Goods) -> str:
        tests = [
            f"{word} in {self.constants.name(names)}"
            for word, names in (("category", which.categories), ("sku", which.skus))
            if names
        ]
        return " or ".join(tests)
