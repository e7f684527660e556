"""What a partner tells meets what was claimed of it: one activity is credited once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx, Write
from regulars.engine.rewarding.partnering.claims import Flown, is_same
from regulars.engine.state import MemberState
from regulars.flows.points.partners.accounts import Happened, Work, agreed
from regulars.records.members.unions import read as unions
from regulars.records.rewards.partners import read, write
from regulars.records.rewards.partners.types import (
    Claim,
    ClaimMatch,
    Contract,
    Decision,
    Partner,
    PartnerEntry,
    state_of,
)

TOLD = "the partner told of it"


class Matching(Struct):
    """Claims of members with partners whose accounts are held, while a batch is decided."""

    work: Work
    claims: list[Claim]
    """By when what they miss happened."""
    owners: dict[UUID, UUID]
    """As whom the members of claims stand by now."""
    decisions: dict[UUID, Decision]
    lines: dict[UUID, PartnerEntry]
    """What was booked for claims that were granted."""
    matched: set[UUID]
    """Claims of which the partner told by a number of its own."""
    gone: set[UUID]
    """Lines that were booked for claims and of which something came back."""
    made: list[ClaimMatch] = []

    def stands_for(
        self, partner: Partner, state: MemberState, what: Happened
    ) -> tuple[PartnerEntry, UUID] | None:
        """The line that was booked for this activity by a claim under another number.

        Keeps: a claim stands for one activity; the next one like it is booked by itself.
        """
        if what.kind != "accrual" or not self.claims:
            return None
        contract = agreed(self.work, partner, state, what)
        if not isinstance(contract, Contract):
            return None
        told = Flown(contract.wallet, what.units, what.at)
        for claim in self._of(partner.partner_id, state):
            line = self._granted(claim)
            if line is not None and self._meets(claim, told):
                self._match(claim, what.said.external_id, line)
                return line, claim.claim_id
        return None

    def answered(self, line: PartnerEntry, state: MemberState) -> UUID | None:
        """The open claim that this line answers: it is granted by it.

        Order: the one of its number first, then the one that is nearest in time.
        """
        if line.kind != "accrual":
            return None
        told = Flown(line.wallet, line.units, line.occurred_at)
        found = [
            claim
            for claim in self._of(line.partner_id, state)
            if self._is_open(claim)
            and (claim.external_id == line.external_id or self._meets(claim, told))
        ]
        if not found:
            return None
        claim = min(
            found,
            key=lambda one: (
                one.external_id != line.external_id,
                abs(one.occurred_at - told.at),
                one.claim_id,
            ),
        )
        now, actor = self.work.tx.now, line.actor
        decision = Decision(claim.claim_id, "granted", now, line.entry_id, actor, TOLD)
        self.decisions[claim.claim_id] = decision
        self.work.decided.append(decision)
        self._match(claim, line.external_id, line)
        return claim.claim_id

    def writes(self) -> list[Write]:
        """What was found to be the same."""
        return write.match(self.work.tx, self.made)

    def _of(self, partner_id: UUID, state: MemberState) -> list[Claim]:
        return [
            one
            for one in self.claims
            if one.partner_id == partner_id
            and self.owners.get(one.member_id, one.member_id) == state.member_id
        ]

    def _is_open(self, claim: Claim) -> bool:
        return state_of(claim, self.decisions.get(claim.claim_id), self.work.tx.now) == "open"

    def _granted(self, claim: Claim) -> PartnerEntry | None:
        """What was booked for a claim the partner told nothing of yet, as long as it stands.

        Keeps: what came back, also in part, was known to the partner by the claim's number, so
        what it tells by another one is another activity.
        """
        decision = self.decisions.get(claim.claim_id)
        if decision is None or decision.entry_id is None or claim.claim_id in self.matched:
            return None
        back = any(one.reverses == decision.entry_id for one in self.work.lines)
        if back or decision.entry_id in self.gone:
            return None
        return self.lines.get(decision.entry_id)

    def _meets(self, claim: Claim, told: Flown) -> bool:
        contract = next(one for one in self.work.contracts if one.contract_id == claim.contract_id)
        claimed = Flown(contract.wallet, claim.units, claim.occurred_at)
        return is_same(contract.match_days, claimed, told)

    def _match(self, claim: Claim, external_id: str, line: PartnerEntry) -> None:
        self.matched.add(claim.claim_id)
        now = self.work.tx.now
        self.made.append(
            ClaimMatch(claim.claim_id, claim.partner_id, external_id, line.entry_id, now)
        )


async def claims_beside(work: Work, partner_ids: Sequence[UUID]) -> Matching:
    """The claims of those who are held, with what became of them."""
    tx: Tx = work.tx
    members = sorted({state.member_id for state in work.states.values()})
    family = await unions.family(tx, members) if members else ()
    claims = await read.claimed(tx, partner_ids, family)
    decisions = await read.decisions(tx, [one.claim_id for one in claims]) if claims else {}
    entries = [one.entry_id for one in decisions.values() if one.entry_id is not None]
    matches = await read.matches(tx, [one.claim_id for one in claims])
    gone = await read.reversals(tx, entries) if entries else []
    return Matching(
        work,
        claims,
        await unions.aliases(tx, [one.member_id for one in claims]) if claims else {},
        decisions,
        await read.entries(tx, entries) if entries else {},
        {one.claim_id for one in matches},
        {one.reverses for one in gone if one.reverses is not None},
    )
