"""Missing activities are claimed, lines are disputed, and both are decided once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.rewarding.having import wallet_code
from regulars.engine.rewarding.partnering.account import (
    contract_at,
    left_of,
    share_back,
    too_long_before,
)
from regulars.engine.rewarding.partnering.claims import (
    Flown,
    cannot_decide,
    days_after,
    is_same,
    out_of_time,
)
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import (
    Asking,
    askings,
    kept,
    look_again,
    settle_followers,
    sort_out,
)
from regulars.flows.batch.named import find_named, unsaid
from regulars.flows.points.partners.accounts import (
    Happened,
    Said,
    Work,
    begin,
    booked,
    ill_counted,
    post,
    unknown,
)
from regulars.flows.points.partners.commands import (
    ClaimFiled,
    ClaimOutcome,
    Decide,
    DecisionMade,
    DecisionOutcome,
    DisputeOpened,
    FileClaim,
    OpenDispute,
)
from regulars.records.activity.types import NOBODY
from regulars.records.members.types import erased_refused
from regulars.records.members.unions import read as unions
from regulars.records.once.write import Kept, keep
from regulars.records.rewards.partners import read, write
from regulars.records.rewards.partners.types import (
    Claim,
    Decision,
    Dispute,
    Partner,
    PartnerEntry,
    state_of,
)


async def file_claims(tx: Tx, terms: Terms, batch: Sequence[FileClaim]) -> list[ClaimOutcome]:
    """Keep what each of these members misses, and until when it is decided.

    Refuses: `member_erased`, `no_contract`, `too_early`, `too_late`, `before_enrolment`,
    `already_credited`, `already_claimed`. Faults: unknown partner, member or wallet, no units, no
    number.
    """
    asked = askings("file_claim", batch, lambda _: None)
    await sort_out(tx, asked, ClaimFiled)
    fresh = [item for item in asked if item.open]
    known = await read.partners(tx, sorted({item.command.partner for item in fresh}))
    for item in fresh:
        item.outcome = unknown(known, item.command.partner) or ill_counted(item.command)
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    todo = [item for item in fresh if item.open]
    if todo:
        ids = [known[item.command.partner].partner_id for item in todo]
        numbers = [item.command.external_id for item in todo]
        work = await begin(tx, terms, (list(found.values()), ids), numbers)
        before = await _barring(tx, ids, numbers)
        had = await read.collected(tx, ids, await _family(work))
        claims: list[Claim] = []
        for item in todo:
            partner, state = known[item.command.partner], work.states[found[item.place]]
            claim = _claim(work, item.command, (partner, state), before)
            if isinstance(claim, Claim) and _is_there(work, claim, had):
                says = "the partner told of it under another number"
                claim = Refused("already_credited", says)
            if not isinstance(claim, Claim):
                item.outcome = claim
                continue
            claims.append(claim)
            before[claim.partner_id, claim.external_id] = None
            item.outcome = ClaimFiled(
                claim.claim_id, claim.member_id, claim.partner_id, claim.units, claim.decide_by
            )
            work.answered += kept(item, claim.member_id, claim.claim_id)
        await look_again(tx, todo, ClaimFiled)
        await tx.write([*work.writes(), *write.keep_claims(tx, claims)])
    return settle_followers(asked)


async def _family(work: Work) -> Sequence[UUID]:
    """Whoever is held, and who was merged into them."""
    return await unions.family(work.tx, sorted({one.member_id for one in work.states.values()}))


def _is_there(work: Work, claim: Claim, had: Sequence[PartnerEntry]) -> bool:
    """Whether the partner told of what is claimed already, by a number of its own."""
    contract = next(one for one in work.contracts if one.contract_id == claim.contract_id)
    claimed = Flown(contract.wallet, claim.units, claim.occurred_at)
    return any(
        one.partner_id == claim.partner_id
        and is_same(contract.match_days, claimed, Flown(one.wallet, one.units, one.occurred_at))
        for one in had
    )


Barring = dict[tuple[UUID, str], set[UUID] | None]
"""Of which activity nobody can claim anything, or these members cannot."""


async def _barring(tx: Tx, partner_ids: Sequence[UUID], numbers: Sequence[str]) -> Barring:
    """What claims before leave: one that is open or granted bars everybody, one that was rejected
    whoever filed it; one that lapsed was never answered, and bars nobody."""
    claims = await read.claims(tx, [], (partner_ids, numbers))
    decided = await read.decisions(tx, [one.claim_id for one in claims]) if claims else {}
    into = await unions.aliases(tx, [one.member_id for one in claims]) if claims else {}
    found: Barring = {}
    for one in claims:
        key = one.partner_id, one.external_id
        state = state_of(one, decided.get(one.claim_id), tx.now)
        barred = found.setdefault(key, set())
        if state in ("open", "granted"):
            found[key] = None
        elif state == "rejected" and barred is not None:
            barred.add(into.get(one.member_id, one.member_id))
    return found


async def open_disputes(tx: Tx, terms: Terms, batch: Sequence[OpenDispute]) -> list[ClaimOutcome]:
    """A partner disputes lines of its statement; each once.

    Refuses: `already_disputed`. Faults: no such line, no reason, a line that is no activity.
    """
    asked = askings("open_dispute", batch, lambda _: None)
    await sort_out(tx, asked, DisputeOpened)
    for item in (one for one in asked if one.open):
        item.outcome = unsaid(item.command)
    fresh = [item for item in asked if item.open]
    lines = await read.entries(tx, sorted({item.command.entry_id for item in fresh}))
    for item in fresh:
        line = lines.get(item.command.entry_id)
        if line is None or line.kind not in ("accrual", "redemption"):
            item.outcome = NotFound("there is no such activity in an account", field="/entry")
    todo = [item for item in fresh if item.open]
    if todo:
        meant = [lines[item.command.entry_id] for item in todo]
        await read.hold(tx, [one.partner_id for one in meant])
        there = await read.disputes(tx, [], sorted({one.entry_id for one in meant}))
        await _open(tx, todo, lines, {one.entry_id for one in there})
    return settle_followers(asked)


async def decide_claims(tx: Tx, terms: Terms, batch: Sequence[Decide]) -> list[DecisionOutcome]:
    """Grant or reject claims and disputes, each once; what is granted is booked with it.

    Order: members are locked, then accounts, both in the order of their ids; then one is decided
    after the other.
    Refuses: `already_decided`, `claim_lapsed`, and whatever booking it refuses. Faults: no such
    claim or dispute, no reason, no name.
    """
    asked = askings("decide_claim", batch, lambda _: None)
    await sort_out(tx, asked, DecisionMade)
    for item in (one for one in asked if one.open):
        item.outcome = unsaid(item.command)
    fresh = [item for item in asked if item.open]
    about = sorted({item.command.about_id for item in fresh})
    claims = {one.claim_id: one for one in await read.claims(tx, about)}
    disputes = {one.dispute_id: one for one in await read.disputes(tx, about)}
    for item in fresh:
        kind = item.command.about
        if item.command.about_id not in (claims if kind == "claim" else disputes):
            item.outcome = NotFound(f"there is no such {kind} here", field="/id")
    todo = [item for item in fresh if item.open]
    if todo:
        quarrel = await _begin(tx, terms, list(claims.values()), list(disputes.values()))
        for item in todo:
            if item.command.about == "claim":
                _decide_claim(quarrel, item, claims[item.command.about_id])
            else:
                _decide_dispute(quarrel, item, disputes[item.command.about_id])
        await look_again(tx, todo, DecisionMade)
        await tx.write(quarrel.work.writes())
    return settle_followers(asked)


class Quarrel(Struct):
    """Claims and disputes while they are decided."""

    work: Work
    partners: dict[UUID, Partner]
    before: dict[UUID, Decision]
    """What was decided, before this batch or in it."""
    lines: dict[UUID, PartnerEntry]
    """The lines that are disputed."""
    gone: list[PartnerEntry]
    """What took them back before this batch."""


async def _begin(
    tx: Tx, terms: Terms, claims: Sequence[Claim], disputes: Sequence[Dispute]
) -> Quarrel:
    """Lock whom it is about, then read what was decided and booked by then."""
    members = [one.member_id for one in claims]
    partner_ids = [*(one.partner_id for one in claims), *(one.partner_id for one in disputes)]
    work = await begin(tx, terms, (members, partner_ids), [one.external_id for one in claims])
    entries = sorted({one.entry_id for one in disputes})
    about = [*(one.claim_id for one in claims), *(one.dispute_id for one in disputes)]
    return Quarrel(
        work,
        {one.partner_id: one for one in (await read.partners(tx)).values()},
        await read.decisions(tx, about),
        await read.entries(tx, entries) if entries else {},
        await read.reversals(tx, entries) if entries else [],
    )


def _claim(
    work: Work,
    command: FileClaim,
    who: tuple[Partner, MemberState],
    before: Barring,
) -> Claim | Refused | Fault:
    (partner, state), tx = who, work.tx
    version = work.terms.at(tx.now)
    if command.wallet not in version.program.wallets:
        return Invalid(f"there is no wallet {command.wallet} in this program", field="/wallet")
    if state.state == "erased":
        return erased_refused()
    code = wallet_code(version, command.wallet)
    contracts = [one for one in work.contracts if one.partner_id == partner.partner_id]
    contract = contract_at(contracts, "accrual", code, command.occurred_at)
    if isinstance(contract, Refused):
        return contract
    no = out_of_time(contract, command.occurred_at, tx.now, version.zone)
    no = no or too_long_before(contract, state.joined_at, command.occurred_at, version.zone)
    if (partner.partner_id, "accrual", command.external_id) in work.there:
        no = Refused("already_credited", "this activity is in the account already")
    elif _bars(before, (partner.partner_id, command.external_id), state.member_id):
        no = Refused("already_claimed", "this activity was claimed before")
    return no or Claim(
        member_id=state.member_id,
        claim_id=tx.new_id(),
        partner_id=partner.partner_id,
        contract_id=contract.contract_id,
        units=command.units,
        occurred_at=command.occurred_at,
        filed_at=tx.now,
        decide_by=days_after(version.zone, tx.now, contract.decide_days),
        external_id=command.external_id,
        actor=command.actor,
        reason=command.reason,
    )


def _bars(before: Barring, activity: tuple[UUID, str], member_id: UUID) -> bool:
    """Whether a claim before bars this member from claiming the activity."""
    barred = before.get(activity, set())
    return barred is None or member_id in barred


async def _open(
    tx: Tx,
    todo: Sequence[Asking[OpenDispute]],
    lines: Mapping[UUID, PartnerEntry],
    there: set[UUID],
) -> None:
    """Keep each dispute of a line that was not disputed before."""
    fresh: list[Dispute] = []
    answered: list[Kept] = []
    for item in todo:
        command, line = item.command, lines[item.command.entry_id]
        if line.entry_id in there:
            item.outcome = Refused("already_disputed", "this line was disputed before")
            continue
        one = Dispute(
            tx.new_id(), line.partner_id, line.entry_id, tx.now, command.actor, command.reason
        )
        there.add(line.entry_id)
        fresh.append(one)
        item.outcome = DisputeOpened(one.dispute_id, line.entry_id, line.partner_id)
        answered += kept(item, NOBODY, one.dispute_id)
    await look_again(tx, todo, DisputeOpened)
    await tx.write([*keep(tx, answered), *(write.keep_dispute(tx, one) for one in fresh)])


def _decide_claim(quarrel: Quarrel, item: Asking[Decide], claim: Claim) -> None:
    command, work = item.command, quarrel.work
    before = quarrel.before.get(claim.claim_id)
    no: Refused | Fault | None = cannot_decide(claim, before, work.tx.now)
    state, line = work.states[claim.member_id], None
    if no is None and command.decision == "granted":
        contract = next(one for one in work.contracts if one.contract_id == claim.contract_id)
        wallet = work.terms.wallet_names[contract.wallet]
        said = Said(claim.external_id, command.actor, command.reason)
        what = Happened("accrual", wallet, claim.units, claim.occurred_at, said)
        done = post(work, quarrel.partners[claim.partner_id], state, what)
        no, line = (None, done) if isinstance(done, PartnerEntry) else (done, None)
    _decided(quarrel, item, no, (line, state))


def _decide_dispute(quarrel: Quarrel, item: Asking[Decide], dispute: Dispute) -> None:
    command, work = item.command, quarrel.work
    before, line, no = quarrel.before.get(dispute.dispute_id), None, None
    if before is not None:
        facts = {"decision": before.decision}
        no = Refused("already_decided", f"this was {before.decision} before", facts)
    elif command.decision == "granted":
        disputed = quarrel.lines[dispute.entry_id]
        back = (*quarrel.gone, *work.lines)
        gone = [one for one in back if one.reverses == disputed.entry_id]
        line = _corrected(work, disputed, gone, command)
        if line is None:
            no = Refused("nothing_left", "all of this activity came back before")
    _decided(quarrel, item, no, (line, None))


def _corrected(
    work: Work, disputed: PartnerEntry, gone: Sequence[PartnerEntry], command: Decide
) -> PartnerEntry | None:
    """The price of what is left of a line goes back; the member keeps what they got or gave."""
    units = left_of(disputed, gone)
    if not units:
        return None
    amount = share_back(disputed, gone, units)
    accrual = disputed.kind == "accrual"
    said = Said(f"dispute {command.about_id.hex}", command.actor, command.reason)
    what = ("correction", disputed.account, amount if accrual else -amount)
    line = work.line(disputed.partner_id, what, said, work.tx.now)  # type: ignore[arg-type]
    return work.append(
        replace(
            line,
            member_id=disputed.member_id,
            contract_id=disputed.contract_id,
            wallet=disputed.wallet,
            units=-units if accrual else units,
            reverses=disputed.entry_id,
        )
    )


def _decided(
    quarrel: Quarrel,
    item: Asking[Decide],
    no: Refused | Fault | None,
    what: tuple[PartnerEntry | None, MemberState | None],
) -> None:
    command, work, (line, state) = item.command, quarrel.work, what
    if no is not None:
        item.outcome = no
        return
    entry_id = None if line is None else line.entry_id
    decision = Decision(
        command.about_id, command.decision, work.tx.now, entry_id, command.actor, command.reason
    )
    quarrel.before[command.about_id] = decision
    work.decided.append(decision)
    item.outcome = DecisionMade(
        command.about_id, command.decision, None if line is None else booked(work, line, state)
    )
    work.answered += kept(item, NOBODY if state is None else state.member_id, command.about_id)
