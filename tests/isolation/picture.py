"""What the books say of some members, without the ids that differ from run to run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec.structs import replace

from regulars.flows.membership.commands import BenefitUsed

# Of each table the columns that mean something; `n` is the member's place among those asked for.
_TABLES = {
    "standing": "(n, version, tier, tier_until)",
    "balance": "(n, wallet, available, pending, held, debt, earned)",
    "counter": "(n, counter, period, value)",
    "lot": "(n, wallet, amount, remaining, pinned, state, expires_at)",
    "hold": "(n, wallet, amount, captured, state)",
    "hold_lot": "(n, amount)",
    "redemption": "(n, reward, state, version - $3::int)",
    "activity": "(n, kind, amount_minor, sale_id is not null)",
    "trail": "(n, version - $3::int, sale_id is not null)",
    "tier_move": "(n, from_tier, to_tier, reason)",
    "member": "(n, state, given_name, locale)",
    "identifier": "(n, kind)",
    "once": "(n)",
    "outbox": """(n, sequence, type, payload - 'redemption_id' - 'lot_id' - 'activity_id'
                 - 'member_id' - 'number' - 'entry_id' - 'sale_id' - 'cause_id'
                 - 'transfer_id' - 'merge_id' - 'from' - 'into' - 'household_id'
                 - 'use_id' - 'grant_id' - 'code_id' - 'referral_id' - 'newcomer_id'
                 - 'membership_id' - 'part_id' - 'choice_id' - 'message_id' - 'prize_id'
                 - 'turn_id' - 'rates_of' - 'associate_id' - 'staff_id' - 'ended_at'
                 - 'team_id' - 'until_at' - 'return_id' - 'from_at')""",
    "household_member": "(n, role, left_at is null)",
    "block": "(n, blocked, before, reason)",
    # Which place on the bench is theirs hangs on who of all asked for it before.
    "benefit_use": """(n, benefit, state, grant_id is null, extract(hour from from_at),
                       case when benefit <> 'bench' then place end, came_at is not null)""",
    "benefit_grant": "(n, benefit, times)",
    # Which of those who work here hangs on whom they look after from runs before.
    "benefit_associate": "(n, benefit, how, ended_at is null, why)",
    "referral_code": "(n)",
    "referral": "(n, state, reason, referrer_units, newcomer_units)",
    "deed": "(n)",
    "challenge_part": "(n, challenge)",
    "team": "(n, challenge, name)",
    "team_place": "(n, until is null)",
    "choice": "(n, word, chosen)",
    "prize": "(n, game, name, place, units, badge, undone_at is null)",
    "reward_code": "(n, reward, state, redemption_id is null)",
    "tier_grant": "(n, kind, tier, asks)",
    "tier_turn": "(n, what, was_tier)",
    "bank_account": "(n, iban, usable, why)",
    "payout": "(n, amount_minor)",
    "payout_return": "(n, code, amount_minor)",
    "partner_entry": "(n, kind, account, units, moved, amount_minor)",
    "partner_claim": "(n, units)",
    "membership_turn": "(n, what, plan, state, paid_minor)",
    "message": "(n, kind, wallet, points, delivered_by)",
    "idle_clock": "(n, wallet)",
    "delivery": "(n, kind, channel, state, attempts)",
    "sign_in_code": "(n, purpose, about, tries, used_at is null)",
    "member_session": "(n, ended_at is null)",
    "consent": "(n, channel, state, source)",
}
_ENTRIES = """
select array_agg(one order by one) from (
    select (n, e.kind, regexp_replace(e.reason, '[0-9]+', '#', 'g'),
            (select array_agg((p.wallet, p.account, p.amount) order by p.line)
               from posting p where p.program_id = $1 and p.member_id = e.member_id
                and p.entry_id = e.entry_id),
            (select array_agg((v.wallet, v.delta) order by v.wallet, v.delta)
               from lot_move v where v.program_id = $1 and v.member_id = e.member_id
                and v.entry_id = e.entry_id))::text as one
      from entry e join m using (member_id) where e.program_id = $1) as entries
"""
_MEMBERS = """
with first_named as (
    select member_id, min(value collate "C") as name from identifier
     where program_id = $1 and value = any($2::text[]) group by 1),
m as (select member_id, row_number() over (order by name) as n from first_named)
"""


_ID = re.compile(r"[a-z]{3}_[0-9a-f]{32}")
"""An id as it is shown."""


def _sql() -> str:
    asked = [
        f"(select array_agg(one order by one) from (select {columns}::text as one from {table} "
        f"join m using (member_id) where {table}.program_id = $1) x) as {table}"
        for table, columns in _TABLES.items()
    ]
    shelf = "(select sum(remaining) from reward_stock where program_id = $1) as shelf"
    waits = """(select count(*) from waiting_return
                 where program_id = $1 and settled_at is null) as waits"""
    versions = "(select count(*) - $3::int from program_version where program_id = $1) as versions"
    codes = "(select count(*) from program_code where program_id = $1) as codes"
    keys = "(select count(*) from api_key where program_id = $1) as keys"
    closed = """(select count(*) from api_key
                  where program_id = $1 and revoked_at is not null) as closed"""
    counted = (shelf, waits, versions, codes, keys, closed)
    parts = ", ".join([*asked, f"({_ENTRIES}) as entries", *counted])
    return f"{_MEMBERS} select {parts}"


_PICTURE = _sql()


async def picture(
    owner: asyncpg.Connection, program_id: int, names: Sequence[str], since: int = 0
) -> dict[str, Any]:
    """Everything that is kept of the members found by these names, comparable across runs.

    Versions of the program are counted on from `since`.
    """
    row = await owner.fetchrow(_PICTURE, program_id, list(names), since)
    return {key: value for key, value in dict(row).items() if value is not None}


def _on_any_day(value: msgspec.Struct) -> msgspec.Struct:
    """Appointments of each run are on a day of their own."""
    if not isinstance(value, BenefitUsed) or value.from_at is None:
        return value
    at = value.from_at.replace(year=2026, month=1, day=1)
    return replace(value, from_at=at, until_at=None)


def answers(outcomes: Sequence[Any], since: int = 0) -> list[Any]:
    """What was answered, each id replaced by its order of appearance; a fault by its code."""
    seen: dict[Any, int] = {}

    def named(key: str, value: Any) -> Any:
        if key in ("number", "code"):
            return seen.setdefault(value, len(seen))
        return value - since if key == "version" else plain(value)

    def plain(value: Any) -> Any:
        if isinstance(value, UUID) or (isinstance(value, str) and _ID.fullmatch(value)):
            return f"id{seen.setdefault(value, len(seen))}"
        if isinstance(value, dict):
            return {key: named(key, part) for key, part in value.items()}
        if isinstance(value, list | tuple):
            return [plain(part) for part in value]
        if isinstance(value, BaseException):
            return getattr(value, "code", None) or repr(value)
        if isinstance(value, msgspec.Struct):
            return plain(msgspec.structs.asdict(_on_any_day(value)))
        return value

    return [plain(outcome) for outcome in outcomes]
