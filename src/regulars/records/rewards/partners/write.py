"""Keep partners, what was agreed, lines of their accounts, claims, disputes and decisions."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import astuple

from regulars.base.tx import Tx, Write
from regulars.records.rewards.partners.types import (
    Claim,
    ClaimMatch,
    Contract,
    ContractEnd,
    Decision,
    Dispute,
    Partner,
    PartnerEntry,
)

_PARTNER = """
insert into partner (program_id, partner_id, slug, name, made_at, actor)
select $1::int, $2::uuid, $3::text, $4::text, $5::timestamptz, $6::text
    on conflict (program_id, slug) do update set name = excluded.name
"""
_CONTRACT = """
insert into partner_contract (
    program_id, contract_id, partner_id, kind, wallet, price_minor, per_units, from_at, until_at,
    limit_minor, name_check, look_back_days, claim_from_days, claim_until_days, decide_days,
    match_days, made_at, actor)
select $1::int, $2::uuid, $3::uuid, $4::text, $5::int, $6::bigint, $7::bigint, $8::timestamptz,
       $9::timestamptz, $10::bigint, $11::boolean, $12::int, $13::int, $14::int, $15::int,
       $16::smallint, $17::timestamptz, $18::text
"""
_CONTRACT_END = """
insert into partner_contract_end (program_id, contract_id, partner_id, ends_at, made_at, actor,
                                  reason)
select $1::int, $2::uuid, $3::uuid, $4::timestamptz, $5::timestamptz, $6::text, $7::text
"""
_ENTRIES = """
insert into partner_entry (
    program_id, partner_id, step, entry_id, kind, account, occurred_at, booked_at, member_id,
    points_entry, contract_id, wallet, units, moved, amount_minor, balance_minor, reverses,
    external_id, actor, reason)
select $1::int, e.* from unnest($2::partner_entry_row[]) as e
"""
_CLAIMS = """
insert into partner_claim (
    program_id, member_id, claim_id, partner_id, contract_id, units, occurred_at, filed_at,
    decide_by, external_id, actor, reason)
select $1::int, c.* from unnest($2::partner_claim_row[]) as c
"""
_DISPUTE = """
insert into partner_dispute (program_id, dispute_id, partner_id, entry_id, opened_at, actor,
                             reason)
select $1::int, $2::uuid, $3::uuid, $4::uuid, $5::timestamptz, $6::text, $7::text
"""
_DECISIONS = """
insert into partner_decision (program_id, about_id, decision, decided_at, entry_id, actor, reason)
select $1::int, d.* from unnest($2::partner_decision_row[]) as d
"""


_MATCHES = """
insert into partner_claim_match (program_id, claim_id, partner_id, external_id, entry_id,
                                 matched_at)
select $1::int, m.* from unnest($2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::timestamptz[])
       as m
"""


def keep_partner(tx: Tx, partner: Partner) -> Write:
    """Keep a partner; of one that is known, only the name changes."""
    return Write(_PARTNER, (tx.program_id, *astuple(partner)))


def keep_contract(tx: Tx, contract: Contract) -> Write:
    """Keep what was agreed."""
    return Write(_CONTRACT, (tx.program_id, *astuple(contract)[:-1]))


def end_contract(tx: Tx, end: ContractEnd) -> Write:
    """Keep that a contract ends before its time; said twice at once it fails the transaction."""
    return Write(_CONTRACT_END, (tx.program_id, *astuple(end)))


def book(tx: Tx, lines: Sequence[PartnerEntry]) -> list[Write]:
    """Append lines to accounts that are held."""
    rows = [astuple(one) for one in lines]
    return [Write(_ENTRIES, (tx.program_id, rows))] if rows else []


def keep_claims(tx: Tx, claims: Sequence[Claim]) -> list[Write]:
    """Keep what members miss."""
    rows = [astuple(one) for one in claims]
    return [Write(_CLAIMS, (tx.program_id, rows))] if rows else []


def keep_dispute(tx: Tx, dispute: Dispute) -> Write:
    """Keep that a line is disputed."""
    return Write(_DISPUTE, (tx.program_id, *astuple(dispute)))


def decide(tx: Tx, decisions: Sequence[Decision]) -> list[Write]:
    """Keep what became of claims and disputes."""
    rows = [astuple(one) for one in decisions]
    return [Write(_DECISIONS, (tx.program_id, rows))] if rows else []


def match(tx: Tx, matches: Sequence[ClaimMatch]) -> list[Write]:
    """Keep by which numbers partners told of what was claimed."""
    if not matches:
        return []
    names = ClaimMatch.__struct_fields__
    columns = [[getattr(one, name) for one in matches] for name in names]
    return [Write(_MATCHES, (tx.program_id, *columns))]
