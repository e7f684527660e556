"""Read partners and what stands between us; an account is locked before it is read to write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.alone import Alone, waiting_for_one
from regulars.base.tx import Tx
from regulars.records.rewards.partners.types import (
    Booked,
    Claim,
    ClaimMatch,
    Contract,
    ContractEnd,
    Decision,
    Dispute,
    Partner,
    PartnerEntry,
)

_PARTNERS = """
select partner_id, slug, name, made_at, actor from partner
 where program_id = $1 and ($2::text[] is null or slug = any($2)) order by slug
"""
_LOCK = waiting_for_one(Alone.PARTNERS)
_CONTRACTS = """
select c.contract_id, c.partner_id, c.kind, c.wallet, c.price_minor, c.per_units, c.from_at,
       least(c.until_at, e.ends_at) as until_at, c.limit_minor, c.name_check, c.look_back_days,
       c.claim_from_days, c.claim_until_days, c.decide_days, c.match_days, c.made_at, c.actor,
       e.contract_id is not null as ended
  from partner_contract c
  left join partner_contract_end e
         on e.program_id = c.program_id and e.contract_id = c.contract_id
 where c.program_id = $1 and c.partner_id = any($2::uuid[])
 order by c.from_at desc, c.contract_id desc
"""
_ENDS = """
select contract_id, partner_id, ends_at, made_at, actor, reason from partner_contract_end
 where program_id = $1 and partner_id = $2 and ends_at >= $3 and ends_at < $4
 order by ends_at, contract_id
"""
_ENTRY = """
select partner_id, step, entry_id, kind, account, occurred_at, booked_at, member_id, points_entry,
       contract_id, wallet, units, moved, amount_minor, balance_minor, reverses, external_id,
       actor, reason
  from partner_entry
"""
_LAST = f"""
select e.* from unnest($2::uuid[]) as p (partner_id)
 cross join lateral (
       {_ENTRY} where program_id = $1 and partner_id = p.partner_id order by step desc limit 1) e
"""  # noqa: S608
_TOLD = f"""
{_ENTRY} where program_id = $1 and partner_id = any($2::uuid[]) and external_id = any($3::text[])
 order by partner_id, step
"""
_BY_ID = f"{_ENTRY} where program_id = $1 and entry_id = any($2::uuid[])"
_REVERSALS = f"{_ENTRY} where program_id = $1 and reverses = any($2::uuid[]) order by step"
_SUMS = """
select kind, sum(amount_minor)::bigint as minor, count(*) as lines, max(step) as step
  from partner_entry
 where program_id = $1 and partner_id = $2 and booked_at >= $3 and booked_at < $4
 group by kind
"""
_BETWEEN = f"""
{_ENTRY} where program_id = $1 and partner_id = $2 and booked_at >= $3 and booked_at < $4
           and step > $5 and step <= $6
 order by step limit $7
"""
_BEFORE = f"""
{_ENTRY} where program_id = $1 and partner_id = $2 and booked_at < $3 order by step desc limit 1
"""
_CLAIMS = """
select member_id, claim_id, partner_id, contract_id, units, occurred_at, filed_at, decide_by,
       external_id, actor, reason
  from partner_claim
 where program_id = $1 and (claim_id = any($2::uuid[])
                            or (partner_id = any($3::uuid[]) and external_id = any($4::text[])))
"""
_OPEN = """
select member_id, claim_id, partner_id, contract_id, units, occurred_at, filed_at, decide_by,
       external_id, actor, reason
  from partner_claim c
 where program_id = $1 and decide_by > $2 and (decide_by, claim_id) > ($3, $4::uuid)
   and ($5::uuid[] is null or partner_id = any($5))
   and not exists (select from partner_decision d
                    where d.program_id = c.program_id and d.about_id = c.claim_id)
 order by decide_by, claim_id limit $6
"""
_DISPUTES = """
select dispute_id, partner_id, entry_id, opened_at, actor, reason
  from partner_dispute
 where program_id = $1 and (dispute_id = any($2::uuid[]) or entry_id = any($3::uuid[]))
"""
_DECISIONS = """
select about_id, decision, decided_at, entry_id, actor, reason
  from partner_decision where program_id = $1 and about_id = any($2::uuid[])
"""
_NAMES = """
select member_id, given_name, family_name from member
 where program_id = $1 and member_id = any($2::uuid[])
"""
_CLAIMED = """
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
_COLLECTED = f"""
{_ENTRY} e
 where program_id = $1 and partner_id = any($2::uuid[]) and member_id = any($3::uuid[])
   and kind = 'accrual'
   and not exists (select from partner_decision d
                    where d.program_id = e.program_id and d.entry_id = e.entry_id)
   and not exists (select from partner_claim_match m
                    where m.program_id = e.program_id and m.entry_id = e.entry_id)
 order by occurred_at, step
"""  # noqa: S608


async def partners(tx: Tx, slugs: Sequence[str] | None = None) -> dict[str, Partner]:
    """These partners, or all, by their short names."""
    rows = await tx.fetch(_PARTNERS, tx.program_id, None if slugs is None else list(slugs))
    return {row["slug"]: Partner(*row.values()) for row in rows}


async def hold_names(tx: Tx, slugs: Sequence[str]) -> None:
    """Nobody else keeps partners of these short names until this transaction ends."""
    for slug in sorted(set(slugs)):
        await tx.fetch(_LOCK, tx.program_id, slug)


async def hold(tx: Tx, partner_ids: Sequence[UUID]) -> None:
    """Nobody else books on these accounts until this transaction ends; ids in their order."""
    for id_ in sorted(set(partner_ids)):
        await tx.fetch(_LOCK, tx.program_id, id_.hex)


async def contracts(tx: Tx, partner_ids: Sequence[UUID]) -> list[Contract]:
    """Everything that was agreed with these partners, the latest first."""
    rows = await tx.fetch(_CONTRACTS, tx.program_id, list(partner_ids))
    return [Contract(*row.values()) for row in rows]


async def ends(tx: Tx, partner_id: UUID, span: tuple[datetime, datetime]) -> list[ContractEnd]:
    """Which contracts with a partner ended before their time, in this stretch of time."""
    rows = await tx.fetch(_ENDS, tx.program_id, partner_id, *span)
    return [ContractEnd(*row.values()) for row in rows]


async def last(tx: Tx, partner_ids: Sequence[UUID]) -> dict[UUID, PartnerEntry]:
    """The last line of each of these accounts."""
    rows = await tx.fetch(_LAST, tx.program_id, list(partner_ids))
    return {row["partner_id"]: PartnerEntry(*row.values()) for row in rows}


async def told(
    tx: Tx, partner_ids: Sequence[UUID], external_ids: Sequence[str]
) -> list[PartnerEntry]:
    """What of these numbers stands on these accounts already."""
    rows = await tx.fetch(_TOLD, tx.program_id, list(partner_ids), list(external_ids))
    return [PartnerEntry(*row.values()) for row in rows]


async def entries(tx: Tx, entry_ids: Sequence[UUID]) -> dict[UUID, PartnerEntry]:
    """These lines."""
    rows = await tx.fetch(_BY_ID, tx.program_id, list(entry_ids))
    return {row["entry_id"]: PartnerEntry(*row.values()) for row in rows}


async def reversals(tx: Tx, entry_ids: Sequence[UUID]) -> list[PartnerEntry]:
    """What took these lines back, in whole or in part."""
    rows = await tx.fetch(_REVERSALS, tx.program_id, list(entry_ids))
    return [PartnerEntry(*row.values()) for row in rows]


async def between(
    tx: Tx, partner_id: UUID, span: tuple[datetime, datetime], page: tuple[int, int]
) -> tuple[PartnerEntry | None, Booked, list[PartnerEntry]]:
    """The last line before a stretch of time, what was booked in it, and some of its lines.

    Shape: `page` is the step after which the lines go on, and how many of them at most.
    Keeps: what is booked while this is read is neither in the sums nor among the lines.
    """
    before = await tx.fetch(_BEFORE, tx.program_id, partner_id, span[0])
    sums = await tx.fetch(_SUMS, tx.program_id, partner_id, *span)
    booked = Booked(
        {row["kind"]: int(row["minor"]) for row in sums},
        sum(row["lines"] for row in sums),
        max((row["step"] for row in sums), default=0),
    )
    after, most = page
    rows = await tx.fetch(_BETWEEN, tx.program_id, partner_id, *span, after, booked.last, most)
    first = PartnerEntry(*before[0].values()) if before else None
    return first, booked, [PartnerEntry(*row.values()) for row in rows]


async def claims(
    tx: Tx,
    claim_ids: Sequence[UUID],
    named: tuple[Sequence[UUID], Sequence[str]] = ((), ()),
) -> list[Claim]:
    """These claims, and those about these activities."""
    rows = await tx.fetch(_CLAIMS, tx.program_id, list(claim_ids), list(named[0]), list(named[1]))
    return [Claim(*row.values()) for row in rows]


async def open_claims(
    tx: Tx,
    after: tuple[datetime, UUID] | None,
    most: int,
    partner_ids: Sequence[UUID] | None = None,
) -> list[Claim]:
    """Claims nobody decided yet and whose time is not over, of some partners or all.

    Order: whichever lapses soonest comes first; `after` is where a page before ended.
    """
    begin = after or (tx.now, UUID(int=0))
    rows = await tx.fetch(_OPEN, tx.program_id, tx.now, *begin, partner_ids, most)
    return [Claim(*row.values()) for row in rows]


async def disputes(
    tx: Tx, dispute_ids: Sequence[UUID], entry_ids: Sequence[UUID] = ()
) -> list[Dispute]:
    """These disputes, and those of these lines."""
    rows = await tx.fetch(_DISPUTES, tx.program_id, list(dispute_ids), list(entry_ids))
    return [Dispute(*row.values()) for row in rows]


async def decisions(tx: Tx, about_ids: Sequence[UUID]) -> dict[UUID, Decision]:
    """What became of these claims and disputes."""
    rows = await tx.fetch(_DECISIONS, tx.program_id, list(about_ids))
    return {row["about_id"]: Decision(*row.values()) for row in rows}


async def names(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Given and family name of these members, to compare with what an agency says."""
    rows = await tx.fetch(_NAMES, tx.program_id, list(member_ids)) if member_ids else ()
    return {row["member_id"]: (row["given_name"], row["family_name"]) for row in rows}


async def claimed(tx: Tx, partner_ids: Sequence[UUID], member_ids: Sequence[UUID]) -> list[Claim]:
    """Everything these members claimed of these partners."""
    rows = await tx.fetch(_CLAIMED, tx.program_id, list(partner_ids), list(member_ids))
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
