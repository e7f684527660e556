"""What the returns and restatements of a purchase must have booked, by its kept decisions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from regulars.insight.verify.budgets import given
from regulars.insight.verify.facts import Terms
from regulars.records.trail.types import Steps


class Due(NamedTuple):
    """Of one wallet: points its returns take back, and between which sums its restatements lie."""

    back: int
    least: int
    most: int


def due(terms: Terms, chain: Sequence[Steps], wallet: int) -> Due:
    """Each step of a purchase is either a return or a decision made again; what each comes to.

    Keeps: what had lapsed is not taken twice. Only a wallet that goes into debt gives back all of
    what a restatement takes; others give what is there.
    Example: 50 points become 100, then 30: booked are 50 more and 70 less, in all 20 less.
    """
    back, more, less, lapsed, name = 0, 0, 0, 0, terms.names.get(wallet, "")
    for before, now in pairwise(chain):
        by = given(terms, now, wallet) - given(terms, before, wallet)
        excused = now.lapsed.get(name, 0) - before.lapsed.get(name, 0)
        if now.times == before.times:
            back -= by + excused
            continue
        more, less, lapsed = more + max(by, 0), less - min(by, 0), lapsed + excused
    least = more - less + lapsed
    owes = name in terms.program.wallets and terms.program.wallets[name].negative == "debt"
    return Due(back, least, least if owes else more)
