"""A week of the made-up shop, as what happens beside its visits sees it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from regulars.base.faults import Fault, Refused
from regulars.base.keyed import Keyed
from regulars.engine.terms import Terms
from regulars.runtime.examples.shop.guests import Guest
from regulars.runtime.storage.database import Database


class Week(NamedTuple):
    """Which week it is, who came new, and who is here by its end."""

    number: int
    left: int
    """So many weeks come after it."""
    ends: datetime
    newcomers: Sequence[Guest]
    here: Sequence[Guest]
    """Everybody who joined by now, whoever stopped coming too."""


class House(NamedTuple):
    """Where it happens."""

    database: Database
    terms: Terms
    keyed: Keyed


def done(outcomes: Sequence[Any]) -> Sequence[Any]:
    """What was asked happened, all of it; an empty stage would be no demo."""
    for outcome in outcomes:
        if isinstance(outcome, Fault):
            raise outcome
        assert not isinstance(outcome, Refused), outcome
    return outcomes
