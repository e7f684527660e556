"""What a deed is worth to a challenge or a streak: only what was kept counts."""

from __future__ import annotations

from typing import NamedTuple

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.engine.facts import FactLine
from regulars.engine.returning.sale import Sale, facts_left
from regulars.engine.terms import Terms, Version
from regulars.records.activity.types import Activity
from regulars.records.program.parts.gaming import Deed


class Done(NamedTuple):
    """Something a member did; of a purchase, and of what came back, also how it stands by now."""

    activity: Activity
    own_day: int
    """The day where the member lives."""
    sale: Sale | None = None


class Worth(NamedTuple):
    """What of a deed counts: pieces, money, and the categories of the goods."""

    pieces: int
    minor: int = 0
    categories: frozenset[str] = frozenset()


def worth(terms: Terms, version: Version, counts: Deed, done: Done) -> Worth | None:
    """What of a deed counts by this version's promise; nothing when it is not what is asked.

    Order: goods and money as by the version the purchase was decided by; where that does not know
    the definition, by its first one.
    Example: of three coffees for 9.00 one came back: two pieces, 6.00.
    """
    did = done.activity
    wrong_place = counts.stores and did.store not in counts.stores
    if (
        did.kind != counts.on
        or wrong_place
        or (counts.channels and did.channel not in counts.channels)
    ):
        return None
    if done.sale is None:
        return Worth(1)
    if did.kind != "purchase":
        return None if all(done.sale.steps.returned or (0,)) else Worth(1)
    left = _left(terms, counts, done.sale)
    least = units(counts.amount, decimals(version.program.currency))
    return left if left.pieces and left.minor >= least else None


def _left(terms: Terms, counts: Deed, sale: Sale) -> Worth:
    version = terms.numbered(sale.steps.version)
    names = version.compiled.definitions
    place = names.index(counts.qualifying) if counts.qualifying in names else 0
    facts = facts_left(version, sale, sale.steps.returned)
    lines = [line for line in facts.lines if line.counted and _asked(counts, line)]
    everything = not (counts.categories or counts.skus)
    minor = sum(line.amounts[place] for line in lines)
    return Worth(
        sum(line.counted for line in lines),
        minor + (facts.extras[place] if everything else 0),
        frozenset(line.category for line in lines if line.category),
    )


def _asked(counts: Deed, line: FactLine) -> bool:
    if not (counts.categories or counts.skus):
        return True
    return line.category in counts.categories or line.sku in counts.skus
