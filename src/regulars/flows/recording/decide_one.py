"""Decide one activity of a batch that was loaded; what records and what previews share it."""

from __future__ import annotations

from typing import Final, TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound, UnknownMember
from regulars.base.tx import Tx
from regulars.engine.checking.converting import counted
from regulars.engine.checking.telling import not_so
from regulars.engine.deciding.earn import rules_given
from regulars.engine.restating.late import earn_in_time
from regulars.engine.returning.payments import check_captured, check_payments
from regulars.engine.returning.sale import Sale
from regulars.engine.rewarding.referring import ACTOR as REFERRALS
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.askings import Asking
from regulars.flows.commands import RecordActivity, Recorded, RecordOutcome
from regulars.flows.recording.decided import Decided, activity_of, balances_of
from regulars.flows.recording.spent import take_reserved
from regulars.flows.recording.take_back import take_back
from regulars.records.activity import checks
from regulars.records.activity.types import CODE, FRIEND_STAYED, NOBODY, Activity
from regulars.records.members.types import blocked_refused, erased_fault
from regulars.records.once.types import key_of, natural_key
from regulars.records.program.problems import closest
from regulars.records.rewards.codes.lettering import folded
from regulars.records.trail.types import Steps, Trail

Item: TypeAlias = "Asking[RecordActivity]"  # what is compiled has no types in brackets
_STAYS: Final = ("return", FRIEND_STAYED)
"""Kinds that nobody takes back by a receipt."""
_pack = msgspec.msgpack.Encoder().encode


def decide_one(batch: Decided, item: Item) -> RecordOutcome:
    """Decide one command; a refusal or fault leaves nothing behind."""
    command = item.command
    try:
        if command.kind == "return":
            return _return(batch, item, _id_of(batch, command))
        member_id = batch.newcomers.of(item.place)
        if member_id == NOBODY:
            nobodys = activity_of(batch, item, NOBODY, _id_of(batch, command))
            if batch.pays_with:
                check_payments(batch.spent, nobodys)
                check_captured(batch.spent, nobodys.body)
            return _to_nobody(batch, nobodys)
        state = batch.states.get(member_id)
        if state is None:
            return UnknownMember("there is no member with this id", field="/member/id")
        # Under the id of the state: who was merged meanwhile stands under another one.
        activity = activity_of(batch, item, state.member_id, _id_of(batch, command))
        if batch.pays_with:
            check_payments(batch.spent, activity)
        return _earn(batch, state, activity, command.asked.till)
    except Fault as fault:
        return fault


def asked_of(batch: Decided, item: Item) -> tuple[Version, UUID]:
    """The version that decides an activity, and whose it is, as whom they stand now; nobody's for
    a return."""
    version = batch.terms.at(item.command.occurred_at or batch.tx.now)
    if item.command.kind == "return":
        return version, NOBODY
    named = batch.newcomers.of(item.place)
    state = batch.states.get(named)
    return version, named if state is None else state.member_id


def _id_of(batch: Decided, command: RecordActivity) -> UUID:
    return command.activity_id or batch.tx.new_id()


def receipt_of(command: RecordActivity) -> UUID | None:
    """The natural key of an activity that its source numbered."""
    if not command.external_id:
        return None
    return natural_key(command.source, command.external_id, command.kind)


def awaited_by(item: Item) -> UUID | None:
    """The key under which returns wait for this activity, if its source numbered it."""
    if item.command.kind == "return":
        return None
    return item.receipt or receipt_of(item.command)  # a preview keeps no keys


def sale_key_of(command: RecordActivity) -> UUID | None:
    """The natural key of what a return names by its receipt."""
    sale = command.sale
    if sale is None or not sale.external_id:
        return None
    return key_of(sale)


def wrong(tx: Tx, terms: Terms, item: Item) -> Fault | None:
    """What is wrong with a command whatever the books say; else the item knows its amount, and
    what was paid in another currency is told as it counts."""
    command = item.command
    if command.kind == "return" and command.sale is None:
        return Invalid("a return names its sale: its id, or source and external_id", field="/sale")
    if command.kind != "return" and (command.sale is not None or command.body.returned):
        return Invalid("only a return names what comes back, and its lines", field="/sale")
    if command.sale is not None and command.sale.kind in _STAYS:
        says = f"a {command.sale.kind} is not taken back; tell what happened anew"
        return Invalid(says, field="/sale/kind")
    late = checks.bad_time(command.occurred_at, tx.now)
    amount = checks.amount_of(command.kind, command.amount_minor, command.body)
    if late or isinstance(amount, Fault):
        return late or amount  # type: ignore[return-value]
    item.amount_minor = amount
    if command.code:
        details = {**command.body.details, CODE: folded(command.code)}
        item.command = replace(command, body=replace(command.body, details=details))
    return _convert(tx, terms, item) if command.currency else None


def of_its_own(item: Item) -> Fault | None:
    """What only the program itself tells: nobody says that they brought a friend who stayed."""
    command = item.command
    if command.kind != FRIEND_STAYED or command.asked.principal == REFERRALS:
        return None
    says = f"{FRIEND_STAYED} is told by referrals themselves; write another kind of your own"
    return Invalid(says, field="/kind")


def _convert(tx: Tx, terms: Terms, item: Item) -> Fault | None:
    command = item.command
    at = command.occurred_at or tx.now
    found = counted(terms.at(at), command.body, item.amount_minor, command.currency, at)
    if isinstance(found, Fault):
        return found
    body, item.amount_minor = found
    item.command = replace(command, body=body)
    return None


def _earn(batch: Decided, state: MemberState, activity: Activity, till: str) -> RecordOutcome:
    if state.state == "erased":
        return erased_fault()
    terms = batch.terms.at(activity.occurred_at)  # as the engine finds them for the trail
    if state.state == "blocked" and not terms.program.blocked.may_earn:
        return blocked_refused()
    no = not_so(terms, activity, batch.told) if terms.program.advocacy else None
    if no is not None:
        return no
    if batch.pays_with:
        taking = check_captured(batch.spent, activity.body, (till, batch.tx.now) if till else None)
        take_reserved(batch, state, taking, activity.actor)
    tier_before = state.tier
    earned, sale = earn_in_time(batch.changes, state, batch.terms, activity)
    batch.activities.append(activity)
    batch.trails.append(earned.trail)
    if batch.pays_with:
        for spent in batch.pays(activity, state.member_id):
            spent.redemption.paid_for = activity.activity_id
    if activity.kind != FRIEND_STAYED:
        batch.sales.add(sale)
    names = batch.terms.wallet_names
    return Recorded(
        activity_id=activity.activity_id,
        member_id=state.member_id,
        state="recorded",
        version=terms.number,
        earned={names[code]: points for code, points in earned.units.items()},
        balances=balances_of(state, batch.terms),
        rules=rules_given(terms, earned.trail.steps.given),
        tier=state.tier,
        tier_before=tier_before,
        pending={names[code]: points for code, points in earned.pending.items()},
        milestones=dict(earned.milestones),
    )


def _to_nobody(batch: Decided, activity: Activity) -> Recorded:
    """What nobody we know bought or did is kept; no rule sees it. Its trail counts what comes
    back."""
    version = batch.terms.at(activity.occurred_at)
    steps = Steps(version.number, 0, 0, 0, 0, ())
    batch.activities.append(activity)
    batch.trails.append(Trail(activity.activity_id, NOBODY, None, steps))
    batch.sales.add(Sale(activity, steps))
    return Recorded(activity.activity_id, NOBODY, "recorded", version.number, {}, {})


def _return(batch: Decided, item: Item, activity_id: UUID) -> RecordOutcome:
    command = item.command
    assert command.sale is not None, command
    sale = batch.sales.find(command)
    if sale is None:
        key = sale_key_of(command)
        if batch.sales.stays(command):
            says = "what this names cannot be taken back"
            mend = "Tell what happened anew, or correct the points"
            return Invalid(says, field="/sale/kind" if key else "/sale/id", mend=mend)
        if key is None:
            return NotFound("no sale has this id; name it by its receipt", field="/sale/id")
        if batch.sales.is_partners(command):  # it would wait for a sale that never comes
            mend = "Have the partner tell what came back"
            return Invalid("a partner told this sale", field="/sale", mend=mend)
        if not batch.changes.history and command.sale.kind not in batch.kinds:
            # Nothing would ever meet it. What an import brings may be of a kind of old.
            says = "nobody tells of such a kind or asks for it, so this would wait for ever"
            mend = closest(command.sale.kind, {*batch.kinds} - {"return", FRIEND_STAYED})
            return Invalid(says, field="/sale/kind", mend=mend)
        # Dated when it was told, so that it ends the same whenever its sale comes (D6).
        dated = replace(command, occurred_at=command.occurred_at or batch.tx.now)
        batch.waiting.append((key, activity_id, _pack(dated)))
        version = batch.terms.at(dated.occurred_at or batch.tx.now).number
        return Recorded(activity_id, NOBODY, "waiting", version, {}, {})
    return take_back(batch, sale, command, activity_id)
