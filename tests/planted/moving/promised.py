"""Bugs about what points are worth (by the terms they were earned with, in other currencies, by
an arm of an experiment) that the model has to notice in a game that goes straight there."""

from __future__ import annotations

import os
from typing import Any, Final

from tests.planted.bug import Bug

_KEEPING: Final = "engine/rewarding/counter/keeping.py"
_PAYING: Final = "engine/rewarding/paying.py"
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

        play_chosen(name, lambda source, now: Own(shop, source, now))

    return check


NAMES: Final = ("kept", "baskets", "abroad", "arms")
PROMISING: Final[dict[str, Any]] = {f"model_of_{name}": _plays(name) for name in NAMES}
