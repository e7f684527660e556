"""Bugs about what is put right afterwards and about free pieces, that the model has to notice in a
game that goes straight to where they show."""

from __future__ import annotations

import os
from typing import Any, Final

from tests.planted.bug import Bug

_CREDIT: Final = "flows/tills/credit_late.py"
_SALES: Final = "flows/recording/sales.py"
_FREEING: Final = "engine/rewarding/freeing.py"
_PAYMENTS: Final = "engine/returning/payments.py"
_REFUND: Final = "engine/returning/refund.py"
_RATES: Final = "engine/restating/rates.py"
_AGAIN: Final = "engine/restating/again.py"
CREDITED: Final = (
    Bug(
        "the model: who asks again whose a purchase is hears the balances of before its return",
        _CREDIT,
        "answers[place] = replace(first, balances=then.balances, tier=then.tier)",
        "answers[place] = first",
        "checks.afterwards_credited",
    ),
    Bug(
        "the model: on the last day a purchase is too old to be credited",
        _CREDIT,
        "at - sale.activity.occurred_at > timedelta(days=days)",
        "at - sale.activity.occurred_at >= timedelta(days=days)",
        "checks.afterwards_too_late",
    ),
    Bug(
        "the model: what had come back of nobody's purchase is the member's",
        _CREDIT,
        "    return [whole, again]\n",
        "    return [whole]\n",
        "checks.afterwards_credited",
    ),
    Bug(
        "the model: a return by its receipt finds the purchase that is nobody's any more",
        _SALES,
        "sale_id = self.credited.get(sale_id, sale_id)",
        "sale_id = sale_id",
        "checks.afterwards_credited",
    ),
    Bug(
        "the model: a purchase that is credited late is of the day it is credited on",
        _CREDIT,
        "        occurred_at=sold.occurred_at,\n",
        "        occurred_at=None,\n",
        "checks.afterwards_credited",
    ),
)
FREED: Final = (
    Bug(
        "the model: the line that comes to least is free, not the piece",
        _FREEING,
        "fits.sort(key=lambda fit: fit.each,",
        "fits.sort(key=lambda fit: fit.net,",
        "checks.afterwards_cheapest",
    ),
    Bug(
        "the model: what may be free at most is asked of the line",
        _FREEING,
        "fit.each <= most",
        "fit.net <= most",
        "checks.afterwards_dearest",
    ),
    Bug(
        "the model: the free piece comes back first",
        _PAYMENTS,
        "line.free - min(line.free, line.quantity - back)",
        "min(line.free, back)",
        "checks.afterwards_cheapest",
    ),
    Bug(
        "the model: what is free takes a part of the money along",
        "engine/qualify.py",
        "amounts = remaining(line.amounts, paid, min(back, paid))",
        "amounts = remaining(line.amounts, line.quantity, back)",
        "checks.afterwards_cheapest",
    ),
    Bug(
        "the model: a free coffee is a stamp",
        "engine/compiling/emit_facts.py",
        '"quantity - free"',
        '"quantity"',
        "checks.afterwards_cheapest",
    ),
    Bug(
        "the model: who brings back what was free has had it all the same",
        _REFUND,
        "return bool(free) and came == free",
        "return False",
        "checks.afterwards_cheapest",
    ),
    Bug(
        "the model: of two free pieces one that comes back brings nothing back",
        _REFUND,
        "return points * came // free",
        "return points * (came // free)",
        "checks.afterwards_dearest",
    ),
    Bug(
        "the model: what is free may be taken off by less",
        _PAYMENTS,
        "    if value < worth:\n",
        "    if value < worth - 1:\n",
        "checks.afterwards_told_otherwise",
    ),
    Bug(
        "the model: what made pieces free pays for another basket",
        _PAYMENTS,
        "        if redemption.promised.free:\n",
        "        if False:\n",
        "checks.afterwards_told_otherwise",
    ),
    Bug(
        "the model: a till names pieces where the program says which",
        _FREEING,
        "        if goods.named:\n",
        "        if False:\n",
        "checks.afterwards_named",
    ),
    Bug(
        "the model: points that paid come back with what was free",
        _REFUND,
        "return share(points, *paid_pieces(sale.activity.body, returned), worth)",
        "return share(points, sold, returned, worth)",
        "checks.afterwards_free_and_paid",
    ),
)
RATED: Final = (
    Bug(
        "the model: the first day of new rates is the day after it",
        "engine/terms.py",
        "holds = one.from_day <= day and",
        "holds = one.from_day < day and",
        "checks.afterwards_which_table",
    ),
    Bug(
        "the model: rates of terms to come hold before those begin",
        "engine/terms.py",
        " and kind in one.kinds and one.since <= now",
        " and kind in one.kinds",
        "checks.afterwards_which_table",
    ),
    Bug(
        "the model: what followed from status that was rated anew stays",
        _RATES,
        "    if first is not None and any(",
        "    if False and any(",
        "checks.afterwards_anew",
    ),
    Bug(
        "the model: rates that are taken back stay",
        _RATES,
        "now).rated != steps.rated",
        "now).rated > steps.rated",
        "checks.afterwards_anew",
    ),
    Bug(
        "the model: what is told since is rated by the table of then",
        "engine/deciding/earn.py",
        "rated = terms.rates(number, kind, scene.facts.day, now).rated",
        "rated = 0",
        "checks.afterwards_anew",
    ),
    Bug(
        "the model: what was rated anew comes back by the table of then",
        "engine/deciding/reverse.py",
        "terms.rated_by(sale.steps.version, sale.steps.rated)",
        "terms.numbered(sale.steps.version)",
        "checks.afterwards_anew_and_back",
    ),
    Bug(
        "the model: rated anew everybody has the whole budget",
        _AGAIN,
        "has + max(budget.full - used, 0)",
        "budget.full",
        "checks.afterwards_limits",
    ),
)
MISSED: Final = (
    Bug(
        "a return that missed its sale misses whose it became",
        "flows/recording/catch_up.py",
        "    await follow(tx, sales)  # a purchase that named nobody may be somebody's by now\n",
        "",
        "checks.missed_and_credited",
    ),
)
FOUND: Final = (
    Bug(
        "a return that waited does not know what of a milestone had lapsed",
        _SALES,
        "        sale.lapsed_of_milestones = self.lapsed_of_milestones\n",
        "",
        "checks.found_once",
    ),
    Bug(
        "who leaves while a clock is set back left before they shared",
        "records/members/unions/write.py",
        "and e.entry_id > p.place_id",
        "and false",
        "checks.shared_until_then",
    ),
    Bug(
        "a replay lets a prize live by the version of the day it was given",
        "engine/replaying/fold.py",
        'one.earned_at if one.what == "adjust" else None',
        "None",
        "checks.found_once",
    ),
    Bug(
        "a replay forgets until when points given by hand are good",
        "engine/replaying/given.py",
        ", ends_at=fact.ends",
        "",
        "checks.ends_that_were_chosen",
    ),
)
AFTERWARDS: Final = CREDITED + FREED + RATED + MISSED + FOUND


def _plays(name: str) -> Any:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.model.money.afterwards.chosen import play_chosen
        from tests.model.on_postgresql import OnPostgreSQL

        class Own(OnPostgreSQL):
            called = f"model-{os.getpid()}"

        play_chosen(name, lambda source, now: Own(shop, source, now))

    return check


def _missed(shop: Any) -> None:
    from tests.flows.two_times.test_late_credit import (
        test_a_return_that_missed_its_sale_finds_whose_it_became as plays,
    )

    plays(shop)


def _found(shop: Any) -> None:
    from tests.model.money.test_found import GAMES, play, replayed
    from tests.model.on_postgresql import OnPostgreSQL

    for name in GAMES:
        play(name, replayed(shop, OnPostgreSQL, called=f"model-{os.getpid()}"))


def _chosen_ends(shop: Any) -> None:
    from tests.insight.replay.test_identity import (
        test_points_given_by_hand_keep_the_end_that_somebody_chose as keeps,
    )

    keeps(shop)


def _shared(shop: Any) -> None:
    from tests.books import assert_books_right
    from tests.model.money.test_at_home import play
    from tests.model.on_postgresql import OnPostgreSQL

    class Own(OnPostgreSQL):
        called = f"model-{os.getpid()}"

    play(
        "who left shared until then, wherever the clock was set back",
        lambda source, now: Own(shop, source, now),
    )
    shop.run(assert_books_right(shop.made.owner_dsn))


PLAYED: Final = CREDITED + FREED + RATED
NAMES: Final = {bug.check.removeprefix("checks.afterwards_") for bug in PLAYED}
PUTTING_RIGHT: Final[dict[str, Any]] = {
    "missed_and_credited": _missed, "found_once": _found, "shared_until_then": _shared,
    "ends_that_were_chosen": _chosen_ends, **{f"afterwards_{name}": _plays(name) for name in NAMES},
}  # fmt: skip
