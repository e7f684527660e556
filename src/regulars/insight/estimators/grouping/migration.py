"""Where members of each tier are a period later, with those who came and those who went.

Symbols: n(a, b) members who were in a and are in b; the share is n(a, b) over the sum of n(a, .).
Assumes: nothing of what comes; as a forecast it would take steps for a Markov chain that stays as
it is, and it is shown as none.
Source: Anderson & Goodman (1957), the maximum likelihood estimate of transition probabilities.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from regulars.insight.estimators.asking.shares import Share, share


class Step(Struct, frozen=True):
    """From one tier to another (None: not yet a member, or one no more), with the share of those
    who were in `before`."""

    before: str | None
    after: str | None
    share: Share


def migration(moves: Sequence[tuple[str | None, str | None, int]]) -> list[Step]:
    """Steps of these members: tier then, tier now, how many.

    Order: as given. Example: 8 of 10 stayed in silver and 2 fell: 0.8 and 0.2, whatever the
    number of those who rose from below.
    """
    whole: dict[str | None, int] = {}
    for before, _, many in moves:
        whole[before] = whole.get(before, 0) + many
    return [Step(before, after, share(many, whole[before])) for before, after, many in moves]
