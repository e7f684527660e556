"""What an offer is in the program: a rule or a reward that asks whether a member has it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from regulars.base.decimals import NotExact, text_of, units
from regulars.base.languages import language_of
from regulars.base.money import decimals
from regulars.records.program.changes.offers.types import PREFIX, Bonus, Offer, Price, Times
from regulars.records.program.parsing.editing import add, remove
from regulars.records.program.parsing.nodes import parse
from regulars.records.program.reading import read_program
from regulars.records.program.types import PerAmount, Program, Rule

_THOUSANDTHS: Final = 3
"""Decimals that a multiplier may have."""
_LEFT_OUT: Final = (
    "tier_prices", "or", "choose_one", "from_on", "until_on", "head_start", "automatic", "stock",
    "limit", "for", "tier", "by",
)  # fmt: skip
"""What a reward has that its other price has not."""


class Unruly(Exception):
    """This offer cannot be said as a rule of this program: at which field, why, what mends it."""

    def __init__(self, field: str, says: str, mend: str = "") -> None:
        super().__init__(says)
        self.field, self.says, self.mend = field, says, mend


def published(source: str, one: Offer, gone: set[str]) -> str:
    """The program file with this offer, and without those whose time is over.

    Faults: Unruly; UneditableError where only its author can change the file.
    """
    source = without(source, gone)
    program = read_program(source)
    if isinstance(one.gives, Price):
        return add(source, ("rewards",), reward_of(one, program, parse(source).value))
    if isinstance(one.gives, Bonus | Times):
        return add(source, ("rules",), rule_of(one, program))
    return source


def without(source: str, gone: set[str]) -> str:
    """The program file without what these offers put into it."""
    program = read_program(source)
    parts = {
        "rules": [one.id for one in program.rules],
        "rewards": [one.id for one in program.rewards],
    }
    for name, ids in parts.items():
        for place in reversed([at for at, id_ in enumerate(ids) if id_ in gone]):
            source = remove(source, (name, place))
    return source


def in_file(program: Program) -> list[str]:
    """The codes of what is named as offers are, in the order of the file."""
    ids = [one.id for one in program.rules] + [one.id for one in program.rewards]
    return [id_.removeprefix(PREFIX) for id_ in ids if id_.startswith(PREFIX)]


def rule_of(one: Offer, program: Program) -> dict[str, Any]:
    """The rule by which an offer gives what it promises, as plain values.

    Order: it asks whether its member has it, since fewer than so many days, and then what else must
    hold; its budget and how often are limits of it, as of any other rule.
    """
    gives = one.gives
    assert isinstance(gives, Bonus | Times), gives
    if gives.wallet not in program.wallets:
        raise Unruly("/gives/wallet", f"there is no wallet {gives.wallet}")
    held: dict[str, Any] = {"if": "days_since", "attribute": one.known_as}
    if one.days is not None:
        held["before"] = one.days
    award = _bonus(gives, program) if isinstance(gives, Bonus) else _times(gives, program)
    asks = [held, *(_asks(gives) if isinstance(gives, Bonus) else ())]
    rule: dict[str, Any] = {
        "id": one.known_as,
        "says": one.says[_language(program)],
        "on": gives.on if isinstance(gives, Bonus) else "purchase",
        "wallet": gives.wallet,
        "award": award,
        "when": asks[0] if len(asks) == 1 else {"if": "all", "of": asks},
    }
    if one.ends_on is not None:
        rule["until_on"] = one.ends_on.isoformat()
    limits = _limits(one, gives, program)
    return {**rule, "limits": limits} if limits else rule


def _limits(one: Offer, gives: Bonus | Times, program: Program) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if gives.times is not None:
        found.append({"per": "ever", "times": gives.times})
    if one.budget is not None:
        _exact(one.budget, program.wallets[gives.wallet].scale, "/budget")
        found.append({"per": "ever", "points": one.budget, "of": "everyone"})
    return found


def _bonus(gives: Bonus, program: Program) -> dict[str, Any]:
    if _exact(gives.points, program.wallets[gives.wallet].scale, "/gives/points") <= 0:
        raise Unruly("/gives/points", "say more than nothing")
    return {"give": "fixed", "points": str(gives.points), "stage": "bonus"}


def _asks(gives: Bonus) -> list[dict[str, Any]]:
    asks: list[dict[str, Any]] = []
    if gives.at_least is not None:
        asks.append({"if": "amount", "at_least": str(gives.at_least)})
    if gives.categories:
        asks.append({"if": "basket_has", "categories": list(gives.categories)})
    return asks


def _times(gives: Times, program: Program) -> dict[str, Any]:
    """Of the whole purchase it multiplies; of some goods it adds what the one rule that gives by
    amount would give for them once more, or twice."""
    if _exact(gives.by, _THOUSANDTHS, "/gives/by") <= 1_000:
        raise Unruly("/gives/by", "say more than 1: at 1 nothing changes")
    if not gives.categories:
        return {"give": "multiply", "by": str(gives.by)}
    base = [one for one in program.rules if _by_amount(one, gives.wallet)]
    if len(base) != 1 or not isinstance(base[0].award, PerAmount):
        says = "what goods of a category give by their amount is said by no rule, or by several"
        raise Unruly("/gives/categories", says, "Leave the categories out, or offer a bonus")
    award = base[0].award
    missed = sorted(set(gives.categories) - set(award.only_categories or gives.categories))
    if missed:
        raise Unruly("/gives/categories", f"{missed[0]} gives nothing by its amount")
    return _once_more(gives, award, program)


def _once_more(gives: Times, award: PerAmount, program: Program) -> dict[str, Any]:
    """So much more for each amount, named in whole points of the wallet.

    Example: 2.5 times 1 point for each 1.00 is 3 points more for each 2.00.
    """
    scale, places = program.wallets[gives.wallet].scale, decimals(program.currency)
    times = _exact(gives.by, _THOUSANDTHS, "/gives/by") - 1_000
    more = Fraction(units(award.points, scale) * times, 1_000)
    return {
        "give": "per_amount",
        "points": text_of(more.numerator, scale),
        "per": text_of(units(award.per, places) * more.denominator, places),
        "qualifying": award.qualifying,
        "only_categories": list(gives.categories),
        "stage": "bonus",
    }


def _by_amount(one: Rule, wallet: str) -> bool:
    """Whether a rule gives everybody points by amount."""
    plain = one.when is None and isinstance(one.award, PerAmount) and one.award.stage == "base"
    return plain and one.on == "purchase" and one.wallet == wallet


def reward_of(one: Offer, program: Program, tree: Mapping[str, Any]) -> dict[str, Any]:
    """The reward at the price of an offer, for who has it, until it ends."""
    gives = one.gives
    assert isinstance(gives, Price), gives
    found = [each for each in tree.get("rewards", ()) if each["id"] == gives.reward]
    if not found:
        raise Unruly("/gives/reward", f"there is no reward {gives.reward}")
    for wallet, points in gives.price.items():
        if wallet not in program.wallets:
            raise Unruly("/gives/price", f"there is no wallet {wallet}")
        _exact(points, program.wallets[wallet].scale, "/gives/price")
    if one.ends_on is None or one.days is not None:
        says = "a reward at another price ends on one day for everybody"
        raise Unruly("/ends_on", says, "Say the day, and leave the days out")
    gives_what = found[0].get("gives") or {}
    seat = gives_what.get("kind") == "seat"
    if gives_what.get("from") == "pool" or (seat and "begins" in gives_what):
        says = "codes of a pool, and seats that say when they begin, have one price for everybody"
        mend = (
            "Plan an event that takes a reward of the kind `seat` without `begins`" if seat else ""
        )
        raise Unruly("/gives/reward", says, mend)
    kept = {name: value for name, value in found[0].items() if name not in _LEFT_OUT}
    # How many seats there are stands with their event, and is counted there alone.
    pieces = {} if seat else {"stock": one.most * gives.times}
    return {
        **kept,
        "id": one.known_as,
        "price": {wallet: str(points) for wallet, points in gives.price.items()},
        **pieces,
        "limit": {"times": gives.times, "per": "ever"},
        "until_on": one.ends_on.isoformat(),
        "for": {one.known_as: [True]},
    }


def _language(program: Program) -> str:
    return language_of(program.locale)


def _exact(text: str | int, scale: int, field: str) -> int:
    try:
        return units(text, scale)
    except NotExact as why:
        raise Unruly(field, str(why)) from why
