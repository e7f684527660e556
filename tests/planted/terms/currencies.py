"""Bugs about what is paid in other currencies, points that keep their worth, and budgets of each
member."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_WORTH = "story points-keep-their-worth"
_HOME = "story a-household-keeps-its-worth"
_STORY = "story paid-in-other-currencies"
_PAID = "story paid-with-points-in-other-currencies"

CURRENCIES = (
    Bug(
        "what comes back makes no room in a member's budget",
        "engine/deciding/budgets.py",
        "            changes.count(state, counter, period, points)",
        "            changes.count(state, counter, period, abs(points))",
        "story so-much-a-month-for-each",
    ),
    Bug(
        "one purchase uses up what the next one may give",
        "engine/compiling/compile.py",
        'return self.per != "activity"',
        'return self.per != ""',
        "story so-much-at-once",
    ),
    Bug(
        "a return takes back what a budget had cut off",
        "engine/deciding/earn.py",
        "                stands[wallet.id] = allowed * wallet.grid\n",
        "                stands.clear()\n",
        "story so-much-at-once",
    ),
    Bug(
        "the rate of today counts for what happened before",
        "engine/checking/converting.py",
        "local(version.zone, at).day",
        "738_000 + 10**5",
        _STORY,
    ),
    Bug(
        "lines are rounded down each by itself",
        "records/activity/foreign.py",
        "        whole[place] += 1\n",
        "        pass\n",
        "checks.parts_of_another_currency_add_up",
    ),
    Bug(
        "what was told as one amount comes back by the pieces it counts",
        "engine/returning/sale.py",
        "paid.amount_minor if paid else sale.amount_minor",
        "sale.amount_minor",
        _STORY,
    ),
    Bug(
        "round amounts of another currency are held against what counts",
        "engine/deciding/earn.py",
        "        body, amount = as_told(body)\n",
        "        pass\n",
        _STORY,
    ),
    Bug(
        "points pay as many cents of every currency",
        "engine/rewarding/paying.py",
        "points = units(said.points, scale) * where.rate.numerator",
        "points = units(said.points, scale)",
        _PAID,
    ),
    Bug(
        "how many points pay a dollar is said in vain",
        "engine/rewarding/paying.py",
        "there is not None and there.points is not None and there.per is not None",
        "there is not None and there.points is not None and there.per is None",
        _PAID,
    ),
    Bug(
        "a payment in dollars pays for a sale in yen",
        "engine/returning/payments.py",
        "    if redemption.promised.currency != currency:\n",
        "    if bool(redemption.promised.currency) != bool(currency):\n",
        _PAID,
    ),
    Bug(
        "a reward is to be had in every currency",
        "engine/rewarding/counter/currencies.py",
        "    if found is HOME or currency in reward.in_currency:\n",
        "    if found is HOME or currency:\n",
        _PAID,
    ),
    Bug(
        "what comes back goes by cents at home",
        "engine/returning/payments.py",
        "    if body.paid_in is not None:\n        return",
        "    if body.paid_in is None:\n        return",
        "checks.lines_of_one_price_weigh_alike",
    ),
    Bug(
        "a payment abroad is worth as many cents at home",
        "engine/rewarding/paying.py",
        "        return self.where.counts(self.value_minor)\n",
        "        return self.value_minor\n",
        "checks.a_payment_counts_at_the_rate",
    ),
    Bug(
        "what one version promised is over with the next",
        "engine/terms.py",
        "kept = () if before is None else before.kept",
        "kept = ()",
        _WORTH,
    ),
    Bug(
        "points keep their worth for ever",
        "engine/rewarding/counter/keeping.py",
        "kept.until is None or now < kept.until",
        "kept.until is None or kept.until is not None",
        _WORTH,
    ),
    Bug(
        "new points are worth as much as old ones",
        "engine/rewarding/counter/keeping.py",
        "lot.earned_at < kept.since and (",
        "(",
        _WORTH,
    ),
    Bug(
        "a mug of old and new points costs what the last ones ask",
        "engine/rewarding/counter/keeping.py",
        "left -= Fraction(lot.free, price)",
        "left -= Fraction(lot.free, way.price[name])",
        _WORTH,
    ),
    Bug(
        "points that pay forget what they were worth",
        "engine/deciding/redeem.py",
        "quote(version, as_paid(state), basket, where, wish.now)",
        "quote(version, as_paid(state), basket, where)",
        _WORTH,
    ),
    Bug(
        "who pays together pays by the terms in force",
        "engine/rewarding/having.py",
        "way = way_shared(version, wish.drawn, reward, said, wish.now)",
        "way = said",
        _HOME,
    ),
    Bug(
        "a household's price is what the taker alone would pay",
        "engine/rewarding/having.py",
        "if wish.drawn is None:",
        "if wish.now:",
        _HOME,
    ),
)


def _parts(_: Any) -> None:
    # Imported late, so that it meets the source with the bug in it.
    from tests.records.activity import test_foreign as tests

    tests.test_parts_add_up_to_what_all_of_it_comes_to()


def _lines(_: Any) -> None:
    from tests.flows.points.choosing import test_abroad as tests

    tests.test_lines_of_one_price_weigh_alike()


def _counts(_: Any) -> None:
    from tests.flows.points.choosing import test_abroad as tests

    tests.test_what_was_paid_counts_at_its_rate_rounded_down()


ALONE: Final[dict[str, Callable[[Any], None]]] = {
    "parts_of_another_currency_add_up": _parts,
    "lines_of_one_price_weigh_alike": _lines,
    "a_payment_counts_at_the_rate": _counts,
}
