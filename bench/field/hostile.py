"""Programs that are valid and as slow as anybody can write them, and the largest basket for them.

Each is drawn by a number, so a number names a program for ever. A program takes one way of being
slow to its end, or is a part of it: most files are small, a few fill what a file may hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from regulars.engine.checking.admission import uncountable
from regulars.engine.checking.working import MOST_STEPS, too_much_work
from regulars.engine.compiling.compile import Compiled
from regulars.engine.deciding.earn import scene_of
from regulars.engine.deciding.settle import settle
from regulars.engine.terms import Version, terms_of
from regulars.records.activity.checks import MOST_DETAILS, MOST_LINES
from regulars.records.activity.types import Activity, Body, Line, Payment
from regulars.records.program import types as t

WIDEST: Final = 32
"""So many conditions stand in one `all` or `any`."""
DEEPEST: Final = 12
MOST_CONDITIONS: Final = 2_000
"""So many conditions a file holds beside five hundred rules."""
FULL: Final = 250
"""Every so manieth program is as large as a file can be."""
WORDS: Final = tuple(f"w{n}" for n in range(40))
NOBODY: Final = UUID(int=0)
MEMBER: Final = {"d1": "2000-09-01", "d2": "1999-07-06", "d3": "m1"}
"""What is known of whoever buys: days and a word, so that every condition has to look."""


class Slow(NamedTuple):
    """A program, and by which way it is slow."""

    way: str
    program: t.Program


def slow_program(number: int) -> Slow:
    """The program of this number; it may be published, unless it is refused for its work.

    Shape: of a program that asks too much only so many rules are kept as may be.
    """
    rng = Random(number)
    way, make = sorted(WAYS.items())[number % len(WAYS)]
    size = 1.0 if number % FULL < len(WAYS) else rng.random() ** 12
    rules, qualifying = make(rng, size)
    stacking = t.Stacking(rng.choice(("best", "sum")), "additive")
    while True:
        program = t.Program(
            regulars=1,
            program="hostile",
            name="Hostile",
            currency="EUR",
            zone="Europe/Berlin",
            wallets={"points": t.Wallet(rounding=t.Rounding(scope=_scope(way)))},
            qualifying=qualifying,
            stacking=stacking,
            rules=tuple(rules),
        )
        if not uncountable(program) and not any(too_much_work(program)):
            return Slow(way, program)
        rules = rules[: len(rules) * 3 // 4]
        assert rules, (number, way)


def _scope(way: str) -> str:
    return "line" if way == "lines" else "basket"


def basket(rng: Random, lines: int = MOST_LINES) -> Activity:
    """The largest purchase the API takes; every line another article of the same category."""
    body = Body(
        lines=tuple(
            Line(rng.randint(100, 9_999), f"s{n}", f"c{n % 7}" if n % 2 else "c0", 3)
            for n in range(lines)
        ),
        order_discount_minor=1_000,
        shipping_minor=490,
        payments=(Payment("points", 500),),
        details={f"d{n}": "w1" for n in range(MOST_DETAILS)},
    )
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    return Activity(NOBODY, NOBODY, "purchase", "bench", "1", None, at, "w1", "w1", 0, body, "")


def text_of(program: t.Program) -> bytes:
    """The program as a file."""
    return msgspec.json.encode(_said(msgspec.to_builtins(program)))


def _said(part: object) -> object:
    """Without what is not said: fields that are empty."""
    if isinstance(part, dict):
        kept = {name: _said(value) for name, value in part.items()}
        return {name: value for name, value in kept.items() if value not in (None, (), {}, "")}
    return tuple(_said(each) for each in part) if isinstance(part, list | tuple) else part


class _Codes(dict[tuple[str, str], int]):
    """Numbers for the names of a program, each as it is asked for."""

    def __missing__(self, name: tuple[str, str]) -> int:
        self[name] = len(self) + 1
        return self[name]


def version_of(compiled: Compiled) -> Version:
    """The program as if it had been published."""
    began = datetime(2026, 1, 1, tzinfo=UTC)
    return terms_of(1, "hostile", [(1, began, compiled)], _Codes()).versions[0]


def evaluate(version: Version, activity: Activity) -> Sequence[int]:
    """All that is done with the rules: what counts of the basket, what each gives, the rounding."""
    compiled = version.compiled
    facts = replace(scene_of(version, activity).facts, member=MEMBER)
    grains = compiled.evaluate(facts, compiled.full_room)
    return [settle(w, [grains[i] for i in w.rules]).units for w in compiled.wallets]


Made = tuple[list[t.Rule], dict[str, t.Qualifying]]
ONE: Final = {"standard": t.Qualifying()}


def _many(size: float, most: int) -> int:
    return max(1, int(size * most))


def _rule(number: int, award: t.Award, when: t.Condition | None = None, **more: Any) -> t.Rule:
    return t.Rule(f"r{number}", "purchase", "points", award, when=when, **more)


def _tree(leaves: Sequence[t.Condition], depth: int = DEEPEST) -> t.Condition:
    """As few brackets as hold them, and then as deep as may be; none of it holds early."""
    level = list(leaves)
    while len(level) > 1:
        level = [t.AnyOf(tuple(level[n : n + WIDEST])) for n in range(0, len(level), WIDEST)]
        depth -= 1
    for _ in range(max(depth, 0)):
        level = [t.Not(t.Not(level[0]))] if depth % 2 else [t.All((level[0],))]
    return level[0]


def _leaf(rng: Random, number: int) -> t.Condition:
    kinds: tuple[Callable[[], t.Condition], ...] = (
        lambda: t.AnniversaryIs("d1", number % 60, (number // 60) % 60),
        lambda: t.DaysSince("d2", 30_000 + number % 9_000),
        lambda: t.MemberIs("d3", (number, True, f"m{number}")),
        lambda: t.DetailIs("d4", (f"v{number}", number)),
        lambda: t.AmountIs(10**8 + number),
        lambda: t.StoreIs(("nowhere", f"x{number}")),
        lambda: t.HourIs(1, 2),
    )
    return rng.choice(kinds)()


def _deep(rng: Random, size: float) -> Made:
    leaves = [_leaf(rng, n) for n in range(_many(size, 2_800))]
    rules = _many(size, 40)
    each = max(1, len(leaves) // rules)
    return [
        _rule(n, t.Fixed(1), _tree(leaves[n * each : (n + 1) * each])) for n in range(rules)
    ], ONE


def _days(rng: Random, size: float) -> Made:
    count = _many(size, 3_000)
    leaves = [t.AnniversaryIs("d1", n % 60, n // 60 % 60) for n in range(count)]
    return [_rule(0, t.Fixed(1), _tree(leaves))], ONE


def _goods(rng: Random, size: float) -> Made:
    rules = []
    for number in range(_many(size, 500)):
        names = ("c0",) if number % 2 else (f"c{number}", "c0")
        has = t.BasketHas(names, (f"x{number}",), quantity=10**6)
        rules.append(_rule(number, t.PerItem(1, names, (f"s{number}",)), has))
    return rules, ONE


def _lists(rng: Random, size: float) -> Made:
    count = _many(size, 6_000)
    names = tuple(f"n{n}" for n in range(count))
    half = names[: count // 2]
    rules = [
        _rule(0, t.PerAmount(1, 1, only_categories=names[count // 2 :], only_skus=half)),
        _rule(1, t.Fixed(1, stage="bonus"), t.BasketHas(half, ("s999",), quantity=2)),
    ]
    return rules, {"standard": t.Qualifying(except_skus=names, except_categories=half)}


def _lines(rng: Random, size: float) -> Made:
    awards = [t.PerAmount(n + 1, 100) for n in range(_many(size, MOST_STEPS // 4))]
    return [_rule(n, award) for n, award in enumerate(awards)], ONE


def _multipliers(rng: Random, size: float) -> Made:
    times = _many(size, 499)
    each = max(1, MOST_CONDITIONS // times)
    rules = [_rule(0, t.PerAmount(1, 1))]
    for number in range(times):
        when = _tree([t.DetailIs("d4", (f"v{number}", n)) for n in range(each)], depth=2)
        rules.append(_rule(number + 1, t.Multiply(2), when, group="g", priority=number))
    return rules, ONE


def _limits(rng: Random, size: float) -> Made:
    periods: tuple[t.Period, ...] = ("day", "week", "month", "year")
    limits = tuple(t.Limit(per=per, points=9, on_exceed="fall_through") for per in periods)
    rules = [
        _rule(n, t.Fixed(n % 7 + 1), limits=limits, group=f"g{n % 3}", cooldown=t.Cooldown(hours=1))
        for n in range(_many(size, 500))
    ]
    return rules, ONE


def _tables(rng: Random, size: float) -> Made:
    rows = tuple(t.TableRow(("w1", "w1", "w1", f"r{n}"), n + 1) for n in range(_many(size, 2_000)))
    award = t.ByTable(("d1", "d2", "d3", "d4"), rows, of=None)
    return [_rule(n, award) for n in range(1 if size < 1 else 2)], ONE


def _definitions(rng: Random, size: float) -> Made:
    names = [f"q{n}" for n in range(_many(size, 15))]
    without = tuple(f"n{n}" for n in range(_many(size, 1_500)))
    found = {
        name: t.Qualifying(
            except_categories=("c0",),
            except_skus=without,
            order_discounts="pro_rata",
            tax="out",
        )
        for name in names
    }
    rules = [_rule(n, t.PerAmount(1, 1, qualifying=name)) for n, name in enumerate(found)]
    return rules, {"standard": t.Qualifying(), **found}


WAYS: Final[dict[str, Callable[[Random, float], Made]]] = {
    "days": _days,
    "deep": _deep,
    "definitions": _definitions,
    "goods": _goods,
    "limits": _limits,
    "lines": _lines,
    "lists": _lists,
    "multipliers": _multipliers,
    "tables": _tables,
}
