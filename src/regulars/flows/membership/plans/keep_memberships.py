"""Memberships people pay for: each begun once, each payment told once, moved on by the night."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.rewarding.plans import life
from regulars.engine.rewarding.plans.fees import due_minor, fee_of, to_tell
from regulars.engine.rewarding.plans.identity import identities
from regulars.engine.rewarding.plans.life import Step
from regulars.engine.rewarding.plans.points import keep as kept_turn
from regulars.engine.rewarding.plans.points import points_back, points_of
from regulars.engine.rewarding.plans.refusing import no_plan
from regulars.engine.rewarding.plans.restoring import points_again, restore
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.askings import (
    Asking,
    askings,
    kept,
    look_again,
    settle_followers,
    sort_out,
)
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.named import available, find_named
from regulars.flows.batch.overdue import lapse_overdue
from regulars.flows.batch.stuck import about
from regulars.flows.membership.plans.batch import Batch, Paid
from regulars.flows.membership.plans.commands import (
    MembershipOutcome,
    MembershipStands,
    StartMembership,
    TurnMembership,
)
from regulars.records.benefits.plans import read
from regulars.records.benefits.plans.types import Membership
from regulars.records.ledger import read as ledger
from regulars.records.ledger.totals.read import adjusted
from regulars.records.members.types import blocked_refused, erased_refused
from regulars.records.night import read as night
from regulars.records.night.write import settle
from regulars.records.once.types import natural_key


async def start_memberships(
    tx: Tx, terms: Terms, batch: Sequence[StartMembership]
) -> list[MembershipOutcome]:
    """Begin each of these memberships once: with a trial, or with the first term paid.

    Refuses: see `life.Refusal`, `member_erased`, `member_blocked`. Faults: unknown member, an
    amount in another currency, a trial that was paid for.
    """
    asked = askings("start_membership", batch, lambda one: _receipt(one, "started"))
    await sort_out(tx, asked, MembershipStands)
    fresh = [item for item in asked if item.open]
    for item in fresh:
        item.outcome = _wrong(tx, terms, item.command)
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    todo = [item for item in fresh if item.open]
    if todo:
        trials = [item for item in todo if item.command.trial]
        if trials:
            await read.alone(tx)
        work = await _begin(tx, terms, found.values())
        await _load_trials(work, [(found[i.place], i.command.card) for i in trials])
        for item in todo:
            _start(work, item, work.states[found[item.place]])
        await _end(work, todo)
    return settle_followers(asked)


async def turn_memberships(
    tx: Tx, terms: Terms, batch: Sequence[TurnMembership]
) -> list[MembershipOutcome]:
    """Note each of these once, as paid, failed, given back, paused or changed (see `Told`).

    Order: what is over by now is over first, whether or not the night came by.
    Refuses: see `life.Refusal`, `member_erased`. Faults: no such membership or payment, an amount
    in another currency, a change to no plan.
    """
    asked = askings("turn_membership", batch, lambda one: _receipt(one, one.what))
    await sort_out(tx, asked, MembershipStands)
    fresh = [item for item in asked if item.open]
    known = await read.some(tx, [item.command.membership_id for item in fresh])
    for item in fresh:
        if item.command.membership_id not in known:
            says = "there is no such membership here; check the id for a slip"
            item.outcome = NotFound(says, field="/id")
        else:
            item.outcome = _wrong(tx, terms, item.command)
    todo = [item for item in fresh if item.open]
    if todo:
        owners = {id_: one.member_id for id_, one in known.items()}
        work = await _begin(tx, terms, owners.values())
        await _load_payments(work, todo)
        await _load_terms(work)
        late = [item.command.membership_id for item in todo if item.command.occurred_at]
        work.words |= await read.words(tx, late)
        for item in todo:
            _turn(work, item, work.states[owners[item.command.membership_id]])
        await _end(work, todo)
    return settle_followers(asked)


async def renew_plans(tx: Tx, terms: Terms, most: int) -> int:
    """End trials, terms, graces and pauses that are over, and tell of higher fees; how many."""
    step, version = "renew_plans", terms.at(tx.now)
    if not any(one.plans for one in terms.versions):
        return 0
    fees = {name: fee_of(version, plan) for name, plan in version.plans.items()}
    members = await read.due(tx, tx.now, fees, most, await night.parked(tx, step))
    with about(step, members):
        work = await _begin(tx, terms, members)
        done = 0
        for state in {one.member_id: one for one in work.states.values()}.values():
            done += work.catch_up(state) + _tell_fees(work, state)
        await tx.write([*work.writes(), *settle(tx, step, members)])
    return done if done or len(members) < most else len(members)


async def _begin(tx: Tx, terms: Terms, member_ids: Iterable[UUID]) -> Batch:
    wanted = sorted(set(member_ids))
    states = await hold_members(tx, terms, wanted, with_lots=wanted)
    work = Batch(tx, terms, states, Changes(tx.new_id, now=tx.now))
    work.lapsed = await lapse_overdue(tx, terms, work.changes, states)
    apart = {one.member_id: one for one in states.values()}
    for member_id, plans in (await read.of_members(tx, sorted(apart))).items():
        apart[member_id].plans = plans
        work.stands |= {one.membership_id: one for one in plans}
    return work


async def _end(work: Batch, todo: Sequence[Asking[Any]]) -> None:
    await look_again(work.tx, todo, MembershipStands)
    await work.tx.write(work.writes())


async def _load_payments(work: Batch, todo: Sequence[Asking[TurnMembership]]) -> None:
    """All that happened to memberships of which a refund names a payment."""
    for id_ in {item.command.membership_id for item in todo if item.command.payment}:
        work.told[id_] = await read.turns(work.tx, id_)


async def _load_terms(work: Batch) -> None:
    """What was paid ahead, and what lapsed of the points that came with a term."""
    work.before = await read.before(work.tx, sorted(work.stands))
    named = [one.after for told in work.told.values() for one in told]
    every = [*work.stands.values(), *work.before.values(), *named]
    gave = {one.gave_entry: one.member_id for one in every if one.gave_entry is not None}
    work.gone = await ledger.lapsed(work.tx, gave)
    told = [one for some in work.told.values() for one in some if one.what == "refunded"]
    took = {one.entry_id: one.after.member_id for one in told if one.entry_id is not None}
    work.took = await adjusted(work.tx, took)


async def _load_trials(work: Batch, asking: Sequence[tuple[UUID, str]]) -> None:
    """Whoever asks for a trial, by all they are found by, and what of it had one before."""
    terms, members = work.terms, sorted({work.states[m].member_id for m, _ in asking})
    for member_id, kind, value in await read.names(work.tx, members) if members else ():
        work.trials.setdefault(member_id, set()).update(identities(terms.slug, kind, value))
    for named, card in asking:
        if card.strip():
            mine = work.trials.setdefault(work.states[named].member_id, set())
            mine.update(identities(terms.slug, "payment", card))
    if members:
        everything = sorted({one for found in work.trials.values() for one in found})
        work.taken = await read.taken(work.tx, everything)
        for member_id in await read.had_trial(work.tx, members):
            work.taken.add(member_id)


def _receipt(command: StartMembership | TurnMembership, what: str) -> UUID | None:
    if not command.external_id:
        return None
    return natural_key(command.source, command.external_id, f"membership.{what}")


def _wrong(tx: Tx, terms: Terms, command: StartMembership | TurnMembership) -> Fault | None:
    no = _wrong_amount(terms.at(tx.now), command.amount_minor, command.currency)
    if no is not None:
        return no
    if command.occurred_at is not None and command.occurred_at > tx.now:
        return Invalid(
            "it has not happened yet; see whether a clock is wrong", field="/occurred_at"
        )
    if isinstance(command, TurnMembership):
        no = _wrong_turn(command)
    elif command.trial and command.amount_minor is not None:
        no = Invalid("a trial is free; leave the amount out", field="/amount")
    if no is None and command.external_id and not command.source:
        no = Invalid("say where this number comes from", field="/source")
    return no


def _wrong_turn(command: TurnMembership) -> Fault | None:
    if command.payment and command.what not in ("refunded", "restored"):
        return Invalid("only a refund names a payment", field="/payment")
    if command.what == "restored" and not command.payment:
        return Invalid("say which refund did not arrive", field="/payment")
    if command.what == "changed" and not command.plan:
        return Invalid("say which plan it changes to", field="/plan")
    if command.payment and not command.source:
        return Invalid("say where this number comes from", field="/source")
    return None


def _wrong_amount(version: Version, amount: int | None, currency: str) -> Fault | None:
    ours = version.program.currency
    if amount is not None and currency != ours:
        return Invalid(f"this program counts in {ours}", field="/amount/currency")
    if amount is not None and amount < 0:
        return Invalid("say how much, not less than nothing", field="/amount/minor")
    return None


def _start(work: Batch, item: Asking[StartMembership], state: MemberState) -> None:
    command, version = item.command, work.version
    now = command.occurred_at or work.tx.now
    work.catch_up(state)
    item.outcome = _no_start(work, command, state)
    if item.outcome is not None:
        return
    one = Membership(
        membership_id=work.tx.new_id(),
        member_id=state.member_id,
        step=1,
        plan=command.plan,
        state="trial",
        anchor_at=now,
        terms=0,
        from_at=now,
        until_at=now,
        since_at=now,
        fee_minor=0,
        in_trial=command.trial,
    )
    plan = version.plans[command.plan]
    step = life.begin(version, one, plan, command.amount_minor, command.reason)
    if isinstance(step, Refused):
        item.outcome = step
        return
    if command.trial:
        mine = work.trials.get(state.member_id, set())
        work.taking += [(state.member_id, digest) for digest in sorted(mine)]
        work.taken |= mine | {state.member_id}
    _note(work, item, state, (step, one))


def _no_start(work: Batch, command: StartMembership, state: MemberState) -> Refused | None:
    if state.state == "erased":
        return erased_refused()
    if state.state == "blocked":
        return blocked_refused()
    if no := no_plan(work.version, command.plan, command.occurred_at or work.tx.now):
        return no
    running = [one for one in state.plans if one.state != "ended"]
    if running:
        shown = f"mbs_{running[0].membership_id.hex}"  # as it is asked for
        facts = {"membership_id": shown, "plan": running[0].plan}
        return Refused("has_plan", "this member has a membership already", facts)
    mine = work.trials.get(state.member_id, set()) | {state.member_id}
    if command.trial and mine & work.taken:
        return Refused("trial_taken", "this person had a trial before")
    return None


def _turn(work: Batch, item: Asking[TurnMembership], state: MemberState) -> None:
    if state.state == "erased":
        item.outcome = erased_refused()
        return
    command, told_at = item.command, item.command.occurred_at
    work.catch_up(state, told_at)
    one, at = work.stands[command.membership_id], work.tx.now
    if told_at is not None:
        one, at = work.as_of(state, one, told_at)
    step = _stepped(work, command, one, at)
    if command.what == "failed" and isinstance(step, Step):  # nothing follows but from the clock
        stands = work.stands[command.membership_id]
        step = step._replace(after=replace(stands, step=step.after.step))
    if isinstance(step, Step):
        _note(work, item, state, (step, one))
    else:
        item.outcome = step


def _stepped(
    work: Batch, command: TurnMembership, one: Membership, now: datetime
) -> Step | Refused | Fault:
    version, amount = work.version, command.amount_minor
    words: dict[str, Callable[[], Step | Refused | Fault]] = {
        "paid": lambda: life.pay(version, one, amount, command.reason, now),
        "failed": lambda: life.fail(one, now),
        "refunded": lambda: _refunded(work, command, one, now),
        "restored": lambda: _restored(work, command, one, now),
        "cancelled": lambda: life.cancel(one, command.at, now),
        "paused": lambda: life.pause(version, one, now),
        "resumed": lambda: life.resume(one, now),
        "changed": lambda: life.change(version, one, command.plan, command.at, now),
    }
    return words[command.what]()


def _refunded(
    work: Batch, command: TurnMembership, one: Membership, now: datetime
) -> Step | Refused | Fault:
    """Of the last payment, unless another is named; a term that is over changes no other."""
    named = _named(work, command)
    if command.payment and named is None:
        says = "this membership has no payment of that number; check it for a slip"
        return NotFound(says, field="/payment")
    if named is None or named.last:
        return life.refund(one, command.amount_minor, now, work.before.get(one.membership_id))
    return life.refund_of(one, named.term, command.amount_minor, now)


def _restored(
    work: Batch, command: TurnMembership, one: Membership, now: datetime
) -> Step | Refused | Fault:
    """A refund did not arrive: what it took is given again."""
    undone = work.refund(command.membership_id, command.source, command.payment)
    if undone is None:
        says = "this membership has no refund of that number that is not undone; check it"
        return NotFound(says, field="/payment")
    return restore(one, undone, now, work.alone(one))


def _named(work: Batch, command: StartMembership | TurnMembership) -> Paid | None:
    if isinstance(command, StartMembership) or not command.payment or command.what == "restored":
        return None
    return work.payment(command.membership_id, command.source, command.payment)


def _note(
    work: Batch,
    item: Asking[StartMembership] | Asking[TurnMembership],
    state: MemberState,
    decided: tuple[Step, Membership],
) -> None:
    """Book the points that come or go with it, keep it, and answer."""
    step, one = decided
    command, version, entry_id = item.command, work.version, None
    try:
        if step.what == "paid" or (step.what == "started" and not step.after.in_trial):
            first = one.in_trial or step.what == "started"
            step, entry_id = points_of(work.changes, state, version, step, first)
            work.before[one.membership_id] = one
        elif step.what == "restored" and isinstance(command, TurnMembership):
            undone = work.refund(one.membership_id, command.source, command.payment)
            took = {} if undone is None else work.taken_by(undone.refund)
            entry_id = points_again(work.changes, state, version, step, took)
        elif step.amount_minor < 0:
            named = _named(work, command)
            paid_for = one if named is None or named.last else named.term
            term = paid_for, work.lapsed_of(paid_for)
            step, entry_id = points_back(work.changes, state, version, step, term)
    except Fault as fault:  # the balance would be beyond what can be counted
        item.outcome = fault
        return
    payment = getattr(command, "payment", "")
    said = (command.source, command.external_id, command.actor, command.reason, payment)
    turn = kept_turn(work.changes, state, version, step, (entry_id, *said))
    work.note(state, turn)
    if not command.more_follows:
        work.catch_up(state)
    after = work.stands[one.membership_id]
    item.outcome = MembershipStands(
        membership_id=after.membership_id,
        member_id=state.member_id,
        turn_id=turn.turn_id,
        plan=after.plan,
        state=after.state,
        from_at=after.from_at,
        until_at=after.until_at,
        wait_until=after.wait_until,
        next_plan=after.next_plan,
        amount_minor=turn.amount_minor,
        paid_minor=after.paid_minor,
        due_minor=None if after.state == "ended" else due_minor(version, after),
        balances=available(work.terms, state),
    )
    work.answered += kept(item, state.member_id, turn.turn_id)


def _tell_fees(work: Batch, state: MemberState) -> int:
    told = 0
    for one in list(state.plans):
        fee = to_tell(work.version, one)
        if fee is not None:
            step = life.tell(one, fee, work.tx.now)
            work.note(state, kept_turn(work.changes, state, work.version, step))
            told += 1
    return told
