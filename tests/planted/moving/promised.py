"""Bugs about what points are worth (by the terms they were earned with, in other currencies, by
an arm of an experiment) that the model has to notice in a game that goes straight there."""

from __future__ import annotations

import os
from typing import Any, Final

from tests.planted.bug import Bug

_KEEPING: Final = "engine/rewarding/counter/keeping.py"
_PAYING: Final = "engine/rewarding/paying.py"
_FOREIGN: Final = "records/activity/foreign.py"
_ARMS: Final = "flows/terms/experiments/fill_arms.py"
PROMISED: Final = (
    Bug(
        "the model: old points buy as the terms in force say",
        _KEEPING,
        "        if lot.earned_at < kept.since and (kept.until is None or now < kept.until):",
        "        if False:",
        "checks.model_of_kept",
    ),
    Bug(
        "the model: an earlier worth is kept a moment too long",
        _KEEPING,
        "(kept.until is None or now < kept.until)",
        "(kept.until is None or now <= kept.until)",
        "checks.model_of_kept",
    ),
    Bug(
        "the model: what one version promised is over with the next",
        "engine/terms.py",
        "        kept = () if before is None else before.kept\n",
        "        kept = ()\n",
        "checks.model_of_kept",
    ),
    Bug(
        "the model: what the last points pay of a reward is rounded down",
        _KEEPING,
        "        needed = -(-left.numerator * price // left.denominator)",
        "        needed = left.numerator * price // left.denominator",
        "checks.model_of_kept",
    ),
    Bug(
        "the model: old points pay for a basket as the terms in force say",
        _PAYING,
        "    if version.kept and now is not None and not basket.wallet:",
        "    if False:",
        "checks.model_of_baskets",
    ),
    Bug(
        "the model: a reward is to be had in every currency there is a rate for",
        "engine/rewarding/counter/currencies.py",
        "    if found is HOME or currency in reward.in_currency:",
        "    if True:",
        "checks.model_of_abroad",
    ),
    Bug(
        "the model: what was promised in dollars pays for yen",
        "engine/returning/payments.py",
        "    if redemption.promised.currency != currency:",
        "    if False:",
        "checks.model_of_abroad",
    ),
    Bug(
        "the model: points pay at the rate of the day where as many as is said should",
        _PAYING,
        "    if there is not None and there.points is not None and there.per is not None:",
        "    if False:",
        "checks.model_of_abroad",
    ),
    Bug(
        "the model: what half of a sale in yen gives back is rounded by cents, too",
        "engine/returning/refund.py",
        "whole = sale.activity.amount_minor if told is None else told.amount_minor",
        "whole = sale.activity.amount_minor",
        "checks.model_of_abroad",
    ),
    Bug(
        "the model: what rounding left of several lines in yen is nobody's",
        _FOREIGN,
        "    for place in order[: _down(sum(exact, Fraction(0))) - sum(whole)]:",
        "    for place in order[:0]:",
        "checks.model_of_several_lines",
    ),
    Bug(
        "the model: what rounding left of several lines in yen is the first one's",
        _FOREIGN,
        "key=lambda i: whole[i] - exact[i])",
        "key=lambda i: i)",
        "checks.model_of_several_lines",
    ),
    Bug(
        "the model: shipping in yen counts what its basket does not come to",
        _FOREIGN,
        "    shipping = min(shipping, amount - tips)\n",
        "",
        "checks.model_of_several_lines",
    ),
    Bug(
        "the model: a tip in yen counts what its basket does not come to",
        _FOREIGN,
        "    tips = min(tips, amount)\n",
        "",
        "checks.model_of_several_lines",
    ),
    Bug(
        "the model: the tax of a line in yen is taken off as it was told",
        _FOREIGN,
        "tax = min(_down(line.tax_minor * rate), net)",
        "tax = min(line.tax_minor, net)",
        "checks.model_of_several_lines",
    ),
    Bug(
        "the model: points that paid for lines in yen come back by the cents these count",
        "engine/returning/payments.py",
        "        return [amount - off for amount, off, _ in body.paid_in.lines]\n",
        "        pass\n",
        "checks.model_of_several_lines",
    ),
    Bug(
        "the model: a household pays by the terms in force alone",
        _KEEPING,
        "(Fraction(part, _cheapest(version, what, lot, now)) for lot, part in lots)",
        "(Fraction(part, usual) for lot, part in lots)",
        "checks.model_of_together",
    ),
    Bug(
        "the model: what a household pays is what its taker would pay alone",
        "engine/moving/pool.py",
        "    wish = wish._replace(drawn=partial(_drawn, version, pool))\n",
        "",
        "checks.model_of_together",
    ),
    Bug(
        "the model: a household that draws the oldest pays by what lapses soonest",
        "engine/moving/pool.py",
        '    if draws == "oldest":\n        lots.sort(key=lambda lot: lot.earned_at)\n    elif',
        "    if",
        "checks.model_of_together",
    ),
    Bug(
        "the model: an experiment that is over goes on taking members in",
        _ARMS,
        '    if now is None or now.state != "running":\n        return Filled(after, 0, over=True)',
        "    if now is None:\n        return Filled(after, 0, over=True)",
        "checks.model_of_arms",
    ),
    Bug(
        "the model: whoever was in an arm is treated so for ever",
        _ARMS,
        "    last = await write.unsay(tx, one, after, most)\n",
        "    last = None\n",
        "checks.model_of_arms",
    ),
)


def _plays(name: str) -> Any:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.model.money.promised.chosen import play_chosen
        from tests.model.on_postgresql import OnPostgreSQL

        class Own(OnPostgreSQL):
            called = f"promised-{os.getpid()}"

        play_chosen(name.replace("_", " "), lambda source, now: Own(shop, source, now))

    return check


NAMES: Final = ("kept", "baskets", "abroad", "several_lines", "together", "arms")
PROMISING: Final[dict[str, Any]] = {f"model_of_{name}": _plays(name) for name in NAMES}
