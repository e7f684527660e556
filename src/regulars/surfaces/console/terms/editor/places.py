"""Which parts of a program have a form, where they stand in the file, and what can be added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from msgspec import Struct

from regulars.base.money import decimals
from regulars.records.program.parts.currencies import Currency, Rate
from regulars.records.program.problems import Path
from regulars.records.program.types import (
    Benefit,
    Budget,
    Challenge,
    Changeover,
    DeedMilestone,
    Draw,
    Ladder,
    Leaderboard,
    Reward,
    Rule,
    Streak,
    Tier,
    Tiers,
    Wallet,
)
from regulars.surfaces.console.words import N

LISTS: Final[Mapping[str, tuple[Path, type]]] = MappingProxyType(
    {
        "rules": (("rules",), Rule),
        "budgets": (("budgets",), Budget),
        "tiers.steps": (("tiers", "steps"), Tier),
        "rewards": (("rewards",), Reward),
        "benefits": (("benefits",), Benefit),
        "challenges": (("challenges",), Challenge),
        "streaks": (("streaks",), Streak),
        "milestones": (("milestones",), DeedMilestone),
        "leaderboards": (("leaderboards",), Leaderboard),
        "draws": (("draws",), Draw),
    }
)
"""Lists whose items have an id, by which forms find them again wherever they have moved to."""


LADDERS: Final = "ladders"
NAMED: Final[Mapping[str, type]] = MappingProxyType({"wallets": Wallet, LADDERS: Ladder})
"""Parts that stand under a name of their own in the file."""
OTHERS: Final = "currencies"


class Place(NamedTuple):
    """A part of the file: its address on forms, where it stands now, what kind of part it is."""

    at: str
    path: Path
    part: type
    value: dict[str, Any]
    field: str = ""
    """With what stands in the file without a part around it: its field of the program."""

    def inside(self, value: Mapping[str, Any]) -> Any:
        """What the file says there for this value; nothing where it says nothing."""
        return value.get(self.field) if self.field else value


class Currencies(Struct, frozen=True):
    """All other currencies together, as one form shows them."""

    currencies: dict[Currency, tuple[Rate, ...]] = {}


class Kind(Struct, frozen=True):
    """Something that can be added: what it is called, where it goes, how it begins."""

    key: str
    label: str
    into: str
    """Its list, or where it stands by a name of its own; nothing for a part that stands in none."""
    begins: Mapping[str, Any]


def places(program: Any) -> Iterator[Place]:
    """Every part that has a form, in the order of the file; those whose id is no one's alone are
    left out, since a form would not know which one is meant."""
    program = program if isinstance(program, dict) else {}
    for into, (path, part) in LISTS.items():
        items = listed(program, path)
        ids = [one.get("id") if isinstance(one, dict) else None for one in items]
        for place, id_ in enumerate(ids):
            if isinstance(id_, str) and ids.count(id_) == 1:
                yield Place(f"{into}.{id_}", (*path, place), part, items[place])
    for into, part in NAMED.items():
        named = program.get(into)
        for name, one in named.items() if isinstance(named, dict) else ():
            if isinstance(one, dict):
                yield Place(f"{into}.{name}", (into, name), part, one)
    if isinstance(program.get(OTHERS), dict) and program[OTHERS]:
        yield _currencies(program[OTHERS])
    if isinstance(program.get("tiers"), dict):
        yield Place("tiers", ("tiers",), Tiers, program["tiers"])
    over = program.get("changeover") or {}
    if isinstance(over, dict) and (over or isinstance(program.get("tiers"), dict)):
        yield Place("changeover", ("changeover",), Changeover, over)


def _currencies(value: Any = None) -> Place:
    return Place(OTHERS, (OTHERS,), Currencies, {OTHERS: value} if value else {}, OTHERS)


def place_of(program: Any, at: str) -> Place | None:
    """The part of this address, if it is there and the form can tell which one it is."""
    return next((one for one in places(program) if one.at == at), None)


def former(at: str) -> Place | None:
    """Where a part of this address stands once more; nothing where there is no form of such a part.

    Example: `rules.double-monday` is one more item of `rules`, `wallets.points` a field again.
    """
    into, _, name = at.rpartition(".")
    if into in LISTS and name:
        return Place("", *LISTS[into], {})
    if into in NAMED and name:
        return Place("", (into, name), NAMED[into], {})
    if at == OTHERS:
        return _currencies()._replace(at="")
    if at == LADDERS:
        return Place("", (LADDERS, ""), Ladder, {})
    part = {"tiers": Tiers, "changeover": Changeover}.get(at)
    return Place("", (at,), part, {}) if part else None


def listed(program: Any, path: Path) -> list[Any]:
    """What stands in a list of the file; nothing where there is none."""
    for step in path:
        program = program.get(step) if isinstance(program, dict) else None
    return program if isinstance(program, list) else []


def fresh_id(program: Any, into: str, base: str) -> str:
    """A short name that no part of this list has yet: `bonus`, then `bonus-2`."""
    path, _ = LISTS[into]
    taken = {one.get("id") for one in listed(program, path) if isinstance(one, dict)}
    names = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
    return next(one for one in names if one not in taken)


def any_kind(key: str) -> Kind | None:
    """What is added under this key in a program that may have everything."""
    return next((one for one in kinds({"wallets": {"points": {}}}) if one.key == key), None)


def kinds(program: Any) -> tuple[Kind, ...]:
    """What can be added, each as it would begin in this program's currency and points."""
    program = program if isinstance(program, dict) else {}
    wallet = _first_wallet(program)
    if not wallet:
        return ()
    one, five, many = _amounts(str(program.get("currency", "EUR")))
    buys = {"on": "purchase", "wallet": wallet}
    found = (
        _rule("per-amount", N("Points by the amount spent"), buys,
              {"give": "per_amount", "points": 1, "per": one}),
        _rule("per-item", N("Points by the piece"), buys, {"give": "per_item", "points": 1}),
        _rule("by-table", N("Points by a table"), buys,
              {"give": "by_table", "by": ["tariff"], "rows": [{"is": ["*"], "points": 1}]}),
        _rule("each-visit", N("Points each time"), buys | {"on": "visit"},
              {"give": "fixed", "points": 10}),
        _rule("times", N("More points on some days"), buys, {"give": "multiply", "by": 2},
              when={"if": "weekday", "in": ["mon"]}),
        _rule("big-basket", N("Points on top of a big purchase"), buys,
              {"give": "fixed", "points": 50, "stage": "bonus"},
              when={"if": "amount", "at_least": many}, needs_base=True),
        Kind("budget", N("The most there is for everybody together"), "budgets",
             {"wallet": wallet, "per": "month", "points": 10000}),
        Kind("tier", N("A tier"), "tiers.steps", {"at": _next_step(program, many)}),
        Kind("ladder", N("A further ladder beside the tiers"), LADDERS,
             {"measure": "visits", "steps": [{"at": 10}]}),
        Kind("money-off", N("A reward: money off"), "rewards",
             {"price": {wallet: 100}, "worth": five, "gives": {"kind": "discount", "off": five}}),
        Kind("an-item", N("A reward: something to have"), "rewards",
             {"price": {wallet: 100}, "worth": five, "gives": {"kind": "item"}}),
        Kind("benefit", N("A benefit"), "benefits", {"worth": five}),
        Kind("challenge", N("A challenge"), "challenges",
             {"target": 5, "every": "month", "prize": {"wallet": wallet, "points": 50}}),
        Kind("streak", N("A streak: so many in a row"), "streaks", {
            "every": "week",
            "milestones": [{"length": 4, "prize": {"wallet": wallet, "points": 50}}],
        }),
        Kind("milestone", N("A milestone: every so many"), "milestones",
             {"wallet": wallet, "steps": [{"at": 10, "points": 50, "again": True}]}),
        Kind("board", N("A board: who has most"), "leaderboards", {}),
        Kind("draw", N("A draw"), "draws", {}),
        Kind(OTHERS, N("Other currencies, and what they count"), OTHERS, {}),
    )  # fmt: skip
    without = {"tiers.steps"} if not _may_have_tiers(program) else set()
    without |= {OTHERS} if program.get(OTHERS) else set()
    without |= {LADDERS} if not isinstance(program.get(LADDERS, {}), dict) else set()
    return tuple(one for one in found if one.into not in without)


def _rule(key: str, label: str, head: dict[str, Any], award: Any, **more: Any) -> Kind:
    return Kind(key, label, "rules", {**head, "award": award, **more})


def _may_have_tiers(program: Mapping[str, Any]) -> bool:
    return program.get("tiers") is None or isinstance(program["tiers"], dict)


def _first_wallet(program: Mapping[str, Any]) -> str:
    """The points of a program; stamps or status where it has no points."""
    wallets = program.get("wallets")
    named = [
        (name, (one or {}).get("kind", "points"))
        for name, one in (wallets.items() if isinstance(wallets, dict) else ())
        if isinstance(one, dict) or one is None
    ]
    first = [name for name, kind in named if kind in ("points", "cashback")]
    return (first or [name for name, _ in named] or [""])[0]


def _amounts(currency: str) -> tuple[str, str, str]:
    """A small amount, a coffee or two, and a large purchase, in a currency as people pay in it.

    Example: 1.00, 5.00 and 50.00 euro; 100, 500 and 5000 yen.
    """
    known = decimals(currency) if len(currency) == 3 else 2
    unit = 100 if known == 0 or currency in _SMALL else 1
    cents = "." + "0" * known if known else ""
    return f"{unit}{cents}", f"{unit * 5}{cents}", f"{unit * 50}{cents}"


_SMALL: Final = frozenset(
    {"AMD", "ARS", "COP", "CRC", "DZD", "HUF", "IDR", "IQD", "IRR", "KZT", "LBP", "MMK", "MNT",
     "NGN", "PKR", "RSD", "RUB", "SYP", "TZS", "UZS", "YER"}
)  # fmt: skip
"""Currencies with decimals whose unit is worth little: one point for each is far too much."""


def _next_step(program: Mapping[str, Any], first: str) -> Any:
    """Twice what the highest tier takes, where that is a plain number."""
    steps = listed(program, ("tiers", "steps"))
    last = steps[-1].get("at") if steps and isinstance(steps[-1], dict) else None
    whole = str(last).partition(".")[0]
    return int(whole) * 2 if whole.isascii() and whole.isdigit() and int(whole) else first
