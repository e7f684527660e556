"""What deeds draw on budgets, added up anew, and what of some points those leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from tests.model import wall

from regulars.records.program.types import Budget

if TYPE_CHECKING:
    from tests.model.kept import Deed, Person, Terms


def budgets_left(
    terms: Terms, whose: tuple[Person, Sequence[Person]], wallet: str, day: date
) -> list[tuple[int, bool]]:
    """What each budget of a wallet leaves somebody on that day, and whether it gives all or
    nothing; `whose` is who asks, and everybody."""
    left = []
    for budget in terms.program.budgets:
        if budget.wallet != wallet:
            continue
        # To one deed nothing was given before.
        people = whose[1] if budget.of == "everyone" else whose[:1]
        spent = sum(drawn_on(budget, wallet, person, day) for person in people)
        free = max(terms.units(wallet, budget.points) - spent, 0)
        left.append((free, budget.on_exceed == "reject"))
    return left


def drawn_on(budget: Budget, wallet: str, person: Person, day: date) -> int:
    """What somebody's deeds used of a budget in the period of a day."""
    return sum(
        drawn(deed, wallet)
        for deed in person.deeds
        if budget.per != "activity"
        and wall.label(budget.per, deed.day) == wall.label(budget.per, day)
        and (budget.id, budget.of)
        in [(each.id, each.of) for each in deed.terms.program.budgets if each.per == budget.per]
    )


def drawn(deed: Deed, wallet: str) -> int:
    """What of a deed counts against budgets: nothing less than nothing, and nothing where all of
    it came back, whoever's point a kept remainder broke for it."""
    if deed.terms.keeps(wallet) != "no" and deed.exact.get(wallet) == 0:
        return 0
    return max(deed.units.get(wallet, 0), 0)


def allowed(units: int, left: Sequence[tuple[int, bool]]) -> int:
    """What of these points all budgets allow."""
    for free, rejects in left:
        if units > free:
            units = 0 if rejects else free
    return units
