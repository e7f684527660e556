"""What the kernel adds up for the report is what the fold adds up."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace
from tests.engine.replaying.test_kernel import history, plant, template
from tests.engine.replaying.test_kernel_baskets import shopping

from regulars.engine.calendar import day_starts_at
from regulars.engine.replaying.fold import Fold
from regulars.engine.replaying.kernel import summing
from regulars.engine.replaying.kernel.columns import columns_of
from regulars.engine.replaying.tally import Tally
from regulars.records.activity.happening import Happening
from regulars.records.activity.types import NOBODY

WINDOW = (date(2024, 6, 1).toordinal(), date(2025, 3, 1).toordinal())


def shown(fold: Fold) -> dict[str, Any]:
    """Everything of a fold that a report shows."""
    tally = fold.tally
    return {
        "months": {key: n for key, n in tally.months.items() if n},
        "flows": {
            (m, wallet, flow): n
            for m, moved in tally.members.items()
            for (wallet, flow), n in moved.items()
            if flow in ("issued", "returned")
        },
        "sales": dict(tally.sales),
        "rules": {rule: (f.times, f.units, f.back) for rule, f in tally.rules.items() if f.times},
        "stores": {
            name: (s.activities, s.amount_minor, {w: n for w, n in s.units.items() if n})
            for name, s in tally.stores.items()
        },
        "tiers": {m: state.tier for m, state in fold.states.items()},
        "left_out": fold.left_out,
    }


def both(
    name: str, *, baskets: bool = False
) -> tuple[Fold, tuple[Fold, summing.Decided], list[Happening]]:
    terms = template(name)
    version = terms.versions[0]
    ends = day_starts_at(version.zone, WINDOW[1])
    told = shopping if baskets else history
    rows = told(Random(8), list(version.program.wallets), 20, 60)
    rows += [replace(one, member_id=NOBODY) for one in rows[:3]]
    rows.append(replace(rows[0], what="hold", wallet="unknown", activity=None))
    rows.append(replace(rows[0], what="release", wallet="unknown", activity=None))
    rows = [one for one in rows if one.now < ends]
    fold = Fold(terms, Tally(*WINDOW)).run(rows, ends)
    return fold, summing.summed(terms, columns_of(version, rows), WINDOW, compiled=False), rows


@pytest.mark.parametrize(
    ("name", "baskets"), [("bench", False), ("bronze-silver-gold", False), ("retail", True)]
)
def test_a_report_is_the_same_by_fold_and_kernel(name: str, baskets: bool) -> None:
    fold, (summed, decided), rows = both(name, baskets=baskets)
    assert bool(fold.tally.total("points", "returned")) == baskets
    assert fold.tally.total("points", "issued") > 0
    assert len(fold.left_out) == 5
    assert shown(summed) == shown(fold)
    told = {
        (rows[place].activity.activity_id, part["wallet"]): (int(units), tier)
        for part in decided.rows()
        for place, units, tier in zip(part["place"], part["units"], part["tier"], strict=True)
    }
    assert told == {
        (one.activity_id, wallet): (units, one.tier or "")
        for one in fold.tally.came
        for wallet, units in one.units.items()
        if units
    }


BUGS = {
    "what happened before the window counts": ("    if since <= on < until:", "    if on < until:"),
    "a rule's times are its points": ("fired[rule, 0] += given[rule] != 0", "fired[rule, 0] += given[rule]"),
    "the tier of a row is that before it": ("law, program, out)\n        stood[row] = tier\n", "law, program, out)\n        stood[row] = 0\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, "FIXED", name, BUGS[name])
    with pytest.raises(AssertionError):
        test_a_report_is_the_same_by_fold_and_kernel("bronze-silver-gold", False)
