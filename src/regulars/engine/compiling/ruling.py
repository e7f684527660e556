"""Which versions never ruled: replaced or taken back while nobody could have gone by them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from regulars.records.activity.checks import UNDECIDED


def never_ruled(
    begins: Sequence[tuple[int, datetime]],
    known: Mapping[int, datetime],
    stand_ins: Collection[int],
) -> set[int]:
    """The numbers of versions in whose place another one was published before their day, while
    nothing was decided by them.

    Shape: `begins` has each version with its beginning, in the order in which they rule; `known`
    when each was published; `stand_ins` those that were published where one was taken back, which
    is only done where nothing was decided.
    Keeps: what happened before all versions is decided by the first one, so none of those that
    begin first is among them; nor one for which a till could have been ahead already.
    """
    return {
        number
        for (number, at), (follows, then) in pairwise(begins)
        if at == then > begins[0][1]
        and known.get(follows, then) < then
        and (follows in stand_ins or known.get(follows, then) < then - UNDECIDED)
    }
