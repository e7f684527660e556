"""Missing activities are claimed, lines are disputed, and both are decided once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

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
from regulars.engine.rewarding.partnering.claims import cannot_decide, days_after, out_of_time
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
from regulars.records.once.write import keep
from regulars.records.rewards.partners import read, write
from regulars.records.rewards.partners.types import (
    Claim,
    Decision,
    Dispute,
    Partner,
    PartnerEntry,
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
        before = {
            (one.partner_id, one.external_id) for one in await read.claims(tx, [], (ids, numbers))
        }
        claims: list[Claim] = []
        for item in todo:
            partner, state = known[item.command.partner], work.states[found[item.place]]
            claim = _claim(work, item.command, (partner, state), before)
            if not isinstance(claim, Claim):
                item.outcome = claim
                continue
            claims.append(claim)
            before.add((claim.partner_id, claim.external_id))
            item.outcome = ClaimFiled(
                claim.claim_id, claim.member_id, claim.partner_id, claim.units, claim.decide_by
            )
            work.answered += kept(item, claim.member_id, claim.claim_id)
        await look_again(tx, todo, ClaimFiled)
        await tx.write([*work.writes(), *write.keep_claims(tx, claims)])
    return settle_followers(asked)


async def open_disputes(tx: Tx, terms: Terms, batch: Sequence[OpenDispute]) -> list[ClaimOutcome]:
    """A partner disputes lines of its statement; each once.

    Refuses: `already_disputed`. Faults: no such line, no reason, a line that is no activity.
    """
    asked = askings("open_dispute", batch, lambda _: None)
    await sort_out(tx, asked, DisputeOpened)
    for item in asked:
        if item.open:
            await _open(tx, item)
    return settle_followers(asked)


async def decide_claims(tx: Tx, terms: Terms, batch: Sequence[Decide]) -> list[DecisionOutcome]:
    """Grant or reject claims and disputes, each once; what is granted is booked with it.

    Order: one after the other, each under the locks of its member and account.
    Refuses: `already_decided`, `claim_lapsed`, and whatever booking it refuses. Faults: no such
    claim or dispute, no reason, no name.
    """
    asked = askings("decide_claim", batch, lambda _: None)
    await sort_out(tx, asked, DecisionMade)
    for item in asked:
        if item.open:
            item.outcome = unsaid(item.command)
        if item.open and item.command.about == "claim":
            await _decide_claim(tx, terms, item)
        elif item.open:
            await _decide_dispute(tx, terms, item)
    return settle_followers(asked)


def _claim(
    work: Work,
    command: FileClaim,
    who: tuple[Partner, MemberState],
    before: set[tuple[UUID, str]],
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
    elif (partner.partner_id, command.external_id) in before:
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


async def _open(tx: Tx, item: Asking[OpenDispute]) -> None:
    command = item.command
    item.outcome = unsaid(command)
    line = (await read.entries(tx, [command.entry_id])).get(command.entry_id)
    if item.outcome is None and (line is None or line.kind not in ("accrual", "redemption")):
        item.outcome = NotFound("there is no such activity in an account", field="/entry")
    if item.outcome is not None or line is None:
        return
    await read.hold(tx, [line.partner_id])
    if await read.disputes(tx, [], [line.entry_id]):
        item.outcome = Refused("already_disputed", "this line was disputed before")
        await look_again(tx, [item], DisputeOpened)
        return
    dispute = Dispute(
        tx.new_id(), line.partner_id, line.entry_id, tx.now, command.actor, command.reason
    )
    item.outcome = DisputeOpened(dispute.dispute_id, line.entry_id, line.partner_id)
    keys = keep(tx, kept(item, NOBODY, dispute.dispute_id))
    await tx.write([*keys, write.keep_dispute(tx, dispute)])


async def _decide_claim(tx: Tx, terms: Terms, item: Asking[Decide]) -> None:
    command = item.command
    claims = await read.claims(tx, [command.about_id])
    if not claims:
        item.outcome = NotFound("there is no such claim here", field="/id")
        return
    (claim,) = claims
    work = await begin(tx, terms, ([claim.member_id], [claim.partner_id]), [claim.external_id])
    before = (await read.decisions(tx, [claim.claim_id])).get(claim.claim_id)
    no: Refused | Fault | None = cannot_decide(claim, before, tx.now)
    state, line = work.states[claim.member_id], None
    if no is None and command.decision == "granted":
        partner = _by_id(await read.partners(tx), claim.partner_id)
        contract = next(one for one in work.contracts if one.contract_id == claim.contract_id)
        wallet = terms.wallet_names[contract.wallet]
        said = Said(claim.external_id, command.actor, command.reason)
        what = Happened("accrual", wallet, claim.units, claim.occurred_at, said)
        done = post(work, partner, state, what)
        no, line = (None, done) if isinstance(done, PartnerEntry) else (done, None)
    await _decided(work, item, no, (line, state))


async def _decide_dispute(tx: Tx, terms: Terms, item: Asking[Decide]) -> None:
    command = item.command
    disputes = await read.disputes(tx, [command.about_id])
    if not disputes:
        item.outcome = NotFound("there is no such dispute here", field="/id")
        return
    (dispute,) = disputes
    work = await begin(tx, terms, ([], [dispute.partner_id]))
    before = (await read.decisions(tx, [dispute.dispute_id])).get(dispute.dispute_id)
    no = None
    if before is not None:
        facts = {"decision": before.decision}
        no = Refused("already_decided", f"this was {before.decision} before", facts)
    line = None
    if no is None and command.decision == "granted":
        disputed = (await read.entries(tx, [dispute.entry_id]))[dispute.entry_id]
        gone = await read.reversals(tx, [dispute.entry_id])
        line = _corrected(work, disputed, gone, command)
        if line is None:
            no = Refused("nothing_left", "all of this activity came back before")
    await _decided(work, item, no, (line, None))


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


async def _decided(
    work: Work,
    item: Asking[Decide],
    no: Refused | Fault | None,
    what: tuple[PartnerEntry | None, MemberState | None],
) -> None:
    command, (line, state) = item.command, what
    if no is not None:
        item.outcome = no
        await look_again(work.tx, [item], DecisionMade)
        return
    entry_id = None if line is None else line.entry_id
    work.decided.append(
        Decision(
            command.about_id, command.decision, work.tx.now, entry_id, command.actor,
            command.reason,
        )
    )  # fmt: skip
    item.outcome = DecisionMade(
        command.about_id, command.decision, None if line is None else booked(work, line, state)
    )
    who = NOBODY if state is None else state.member_id
    work.answered += kept(item, who, command.about_id)
    await work.tx.write(work.writes())


def _by_id(known: Mapping[str, Any], partner_id: UUID) -> Partner:
    found: Partner = next(one for one in known.values() if one.partner_id == partner_id)
    return found
