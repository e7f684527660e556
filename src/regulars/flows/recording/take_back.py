"""Take back what a sale gave, and keep the return; for a return at once or one that waited."""

from __future__ import annotations

from uuid import UUID

from regulars.base.faults import Refused
from regulars.engine.checking.telling import taken_back
from regulars.engine.deciding.earn import rules_given
from regulars.engine.restating.late import give_back_in_time
from regulars.engine.returning.payments import paid_back
from regulars.engine.returning.sale import Sale
from regulars.engine.terms import Version
from regulars.flows.commands import RecordActivity, Recorded, RecordOutcome
from regulars.flows.recording.decided import Decided, balances_of, return_of
from regulars.records.activity.types import NOBODY
from regulars.records.members.types import erased_fault


def take_back(
    batch: Decided, sale: Sale, command: RecordActivity, activity_id: UUID
) -> RecordOutcome:
    """Take back what a sale gave, and keep the return.

    Order: what its member reserved and did not take in time is free first.
    Faults: where its pieces are told by lines that were not booked, and nobody can say which.
    """
    owner = sale.activity.member_id
    command = batch.sales.in_its_lines(sale, command)
    activity = return_of(batch, command, activity_id, sale)
    if owner == NOBODY:
        batch.trails.append(batch.sales.take_pieces(sale, activity))
        batch.activities.append(activity)
        return Recorded(activity_id, NOBODY, "recorded", sale.steps.version, {}, {})
    state = batch.states[owner]
    if state.state == "erased":
        return erased_fault()
    batch.let_go(state)
    batch.note_lapsed(sale)
    sale.spent = batch.pays(sale.activity, state.member_id)
    tier_before, before = state.tier, sale.steps.given
    paid = paid_back(sale.spent, sale.activity.body)
    returned = give_back_in_time(batch.changes, state, batch.terms, sale, activity, batch.tx.now)
    if isinstance(returned, Refused):
        return returned
    batch.activities.append(activity)
    batch.trails.append(returned.trail)
    taken_back(sale.activity, batch.told)
    version = batch.terms.numbered(sale.steps.version)
    lost = [now - then for now, then in zip(sale.steps.given, before, strict=True)]
    names = batch.terms.wallet_names
    return Recorded(
        activity_id=activity_id,
        member_id=owner,
        state="recorded",
        version=version.number,
        earned={names[code]: -points for code, points in returned.units.items()},
        balances=balances_of(state, batch.terms),
        rules=rules_given(version, lost),
        tier=state.tier,
        tier_before=tier_before,
        refunded={names[code]: points for code, points in returned.refunded.items()},
        milestones={id_: -points for id_, points in returned.milestones.items()},
        paid_back_minor=paid_back(sale.spent, sale.activity.body) - paid,
        currency=_currency(sale, version) if sale.spent else "",
    )


def _currency(sale: Sale, version: Version) -> str:
    paid_in = sale.activity.body.paid_in
    return version.program.currency if paid_in is None else paid_in.currency
