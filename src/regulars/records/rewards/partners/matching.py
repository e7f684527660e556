"""Read what members claimed beside what partners tell: for a partner's account that is held."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.rewards.partners.types import Claim, ClaimMatch, PartnerEntry

_CLAIMS = """
select c.member_id, c.claim_id, c.partner_id, c.contract_id, c.units, c.occurred_at, c.filed_at,
       c.decide_by, c.external_id, c.actor, c.reason
  from partner_claim c
 where c.program_id = $1 and c.partner_id = any($2::uuid[]) and c.member_id = any($3::uuid[])
 order by c.occurred_at, c.claim_id
"""
_MATCHES = """
select claim_id, partner_id, external_id, entry_id, matched_at from partner_claim_match
 where program_id = $1 and claim_id = any($2::uuid[])
"""
_KNOWN_AS = """
select claim_id, partner_id, external_id, entry_id, matched_at from partner_claim_match
 where program_id = $1 and partner_id = any($2::uuid[]) and external_id = any($3::text[])
"""
_COLLECTED = """
select partner_id, step, entry_id, kind, account, occurred_at, booked_at, member_id, points_entry,
       contract_id, wallet, units, moved, amount_minor, balance_minor, reverses, external_id,
       actor, reason
  from partner_entry e
 where program_id = $1 and partner_id = any($2::uuid[]) and member_id = any($3::uuid[])
   and kind = 'accrual'
   and not exists (select from partner_decision d
                    where d.program_id = e.program_id and d.entry_id = e.entry_id)
   and not exists (select from partner_claim_match m
                    where m.program_id = e.program_id and m.entry_id = e.entry_id)
 order by occurred_at, step
"""


async def claimed(tx: Tx, partner_ids: Sequence[UUID], member_ids: Sequence[UUID]) -> list[Claim]:
    """Everything these members claimed of these partners."""
    rows = await tx.fetch(_CLAIMS, tx.program_id, list(partner_ids), list(member_ids))
    return [Claim(*row.values()) for row in rows]


async def matches(tx: Tx, claim_ids: Sequence[UUID]) -> list[ClaimMatch]:
    """By which numbers partners told of these claims."""
    rows = await tx.fetch(_MATCHES, tx.program_id, list(claim_ids)) if claim_ids else ()
    return [ClaimMatch(*row.values()) for row in rows]


async def known_as(
    tx: Tx, partner_ids: Sequence[UUID], external_ids: Sequence[str]
) -> list[ClaimMatch]:
    """Of these numbers those that stand for what was claimed under another."""
    rows = await tx.fetch(_KNOWN_AS, tx.program_id, list(partner_ids), list(external_ids))
    return [ClaimMatch(*row.values()) for row in rows]


async def collected(
    tx: Tx, partner_ids: Sequence[UUID], member_ids: Sequence[UUID]
) -> list[PartnerEntry]:
    """What these members collected with these partners and no claim stands for."""
    rows = await tx.fetch(_COLLECTED, tx.program_id, list(partner_ids), list(member_ids))
    return [PartnerEntry(*row.values()) for row in rows]
