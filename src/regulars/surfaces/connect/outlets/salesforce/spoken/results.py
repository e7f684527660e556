"""What journals did, in the form in which their resource answers.

Source: Salesforce Loyalty Management, Loyalty Engine Realtime: what `POST connect/realtime/loyalty/
programs/{programName}` answers, `processResult` with a result for each journal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from regulars.engine.terms import Terms
from regulars.flows.commands import Recorded
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.connect.outlets.salesforce.spoken.wire import (
    CurrencyChanged,
    CurrencyStands,
    JournalResult,
    JournalsDone,
    JournalSent,
    MemberChanged,
    MemberStands,
    points,
)

SPENDABLE = "NonQualifying"
"""As they call points that are spent; none of ours is counted for a tier alone."""
Done = tuple[JournalSent, Recorded]


def done_of(terms: Terms, some: Sequence[Done]) -> JournalsDone:
    """A result for each journal, in their order, and where each member stands after the last."""
    last = {one.member_id: (sent, one) for sent, one in some}
    stands = [
        MemberStands(_number(sent, one), list(_stands(terms, one))) for sent, one in last.values()
    ]
    return JournalsDone(stands, [_result(terms, *one) for one in some])


def _result(terms: Terms, sent: JournalSent, one: Recorded) -> JournalResult:
    changed = MemberChanged(_number(sent, one), list(_changed(terms, one)))
    return JournalResult(shown("act", one.activity_id), [changed])


def _changed(terms: Terms, one: Recorded) -> Iterator[CurrencyChanged]:
    wallets = terms.versions[-1].program.wallets
    for name, units in one.earned.items():
        if units and name in wallets:
            waits, scale = one.pending.get(name, 0), wallets[name].scale
            counts = (points(units - waits, scale), points(waits, scale))
            yield CurrencyChanged(name, SPENDABLE, *counts)


def _stands(terms: Terms, one: Recorded) -> Iterator[CurrencyStands]:
    wallets = terms.versions[-1].program.wallets
    for name, units in one.balances.items():
        if name in wallets:
            yield CurrencyStands(name, SPENDABLE, points(units, wallets[name].scale))


def _number(sent: JournalSent, one: Recorded) -> str:
    return sent.membership_number or shown("mem", one.member_id)
