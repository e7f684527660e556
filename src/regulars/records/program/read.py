"""Read programs and their published versions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx

# A sandbox is called as its program is, so that a file that was tried goes back as it is.
_PROGRAM = "select program_id, split_part(slug, '~', 1) as slug from program where program_id = $1"
_BY_SLUG = "select program_id from program where slug = $1"
_VERSIONS = """
select version, effective_from, source, published_at, published_by from program_version
 where program_id = $1 order by version
"""
_KNOWN = "select version, published_at from program_version where program_id = $1"
_CODES = "select kind, name, code from program_code where program_id = $1"
_RULING = """
select version from program_version where program_id = $1 and effective_from <= $2::timestamptz
 order by effective_from desc, version desc limit 1
"""
_LATEST = "select coalesce(max(version), 0) as version from program_version where program_id = $1"


_WITHDRAWALS = """
select version, restored_as, withdrawn_by, reason, withdrawn_at from version_withdrawal
 where program_id = $1 order by version
"""
# What was brought over is decided by nobody's terms; a tier a changeover gave names its version.
_DECIDED = """
select (select count(*) from trail where program_id = $1 and version = $2) as activities,
       (select count(*) from redemption where program_id = $1 and version = $2) as redemptions,
       (select count(*) from benefit_use where program_id = $1 and version = $2) as benefits,
       (select count(*) from tier_move where program_id = $1 and cause_id = $3) as tiers,
       (select count(*) from terms_word where program_id = $1 and version = $2
           and word = 'accepted') as acceptances,
       (select count(*) from code_run where program_id = $1 and version = $2) as runs_of_codes,
       (select count(*) from tier_grant where program_id = $1 and given_at >= $4) as tiers_by_hand,
       (select count(*) from referral where program_id = $1 and version = $2) as referrals,
       (select count(*) from membership_turn where program_id = $1 and version = $2) as memberships
"""

# The same of what was written since a moment: by indexes, since nobody decides meanwhile. What has
# a transaction's number is found by it; the rest by ids, which come in the order of time.
_DECIDED_SINCE = """
select (select count(*) from activity a
          join trail t on t.program_id = a.program_id and t.activity_id = a.activity_id
                      and t.member_id = a.member_id
         where a.recorded_tx >= $5 and a.program_id = $1 and t.version = $2) as activities,
       (select count(*) from redemption
         where program_id = $1 and redemption_id >= $6 and version = $2) as redemptions,
       (select count(*) from benefit_use
         where program_id = $1 and use_id >= $6 and version = $2) as benefits,
       (select count(*) from tier_move
         where recorded_tx >= $5 and program_id = $1 and cause_id = $3) as tiers,
       (select count(*) from terms_word where program_id = $1 and version = $2
           and word = 'accepted') as acceptances,
       (select count(*) from code_run
         where program_id = $1 and run_id >= $6 and version = $2) as runs_of_codes,
       (select count(*) from tier_grant
         where program_id = $1 and grant_id >= $6 and given_at >= $4) as tiers_by_hand,
       (select count(*) from referral
         where program_id = $1 and referral_id >= $6 and version = $2) as referrals,
       (select count(*) from membership_turn
         where program_id = $1 and turn_id >= $6 and version = $2) as memberships
"""
_HERE = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as oldest"
_APART: Final = 600_000
"""So many milliseconds the clocks of two processes are apart at most."""


class Place(NamedTuple):
    """Where we are in what is written: whatever is not seen yet comes after it."""

    oldest: int
    """The number of the oldest transaction that was still running."""
    floor: UUID


class Withdrawal(Struct, frozen=True):
    """A version that was taken back, and which one rules in its place."""

    version: int
    restored_as: int
    withdrawn_by: str
    reason: str
    withdrawn_at: datetime


class Published(Struct, frozen=True):
    """One version as it was published, with the words of its file."""

    version: int
    effective_from: datetime
    source: str
    published_at: datetime
    published_by: str


async def slug(tx: Tx) -> str | None:
    """The public name of this transaction's program."""
    rows = await tx.fetch(_PROGRAM, tx.program_id)
    return rows[0]["slug"] if rows else None


async def known_since(tx: Tx) -> dict[int, datetime]:
    """When each version was published, whatever it says from when on it rules."""
    rows = await tx.fetch(_KNOWN, tx.program_id)
    return {row["version"]: row["published_at"] for row in rows}


async def by_slug(tx: Tx, name: str) -> int | None:
    """The number of the program with this public name."""
    rows = await tx.fetch(_BY_SLUG, name)
    return rows[0]["program_id"] if rows else None


async def versions(tx: Tx) -> list[Published]:
    """Every published version, oldest first."""
    rows = await tx.fetch(_VERSIONS, tx.program_id)
    return [Published(**dict(row)) for row in rows]


def before(published: Iterable[Published], start: datetime) -> Published | None:
    """The version that rules just before one that begins at this instant."""
    earlier = [one for one in published if one.effective_from < start]
    return max(earlier, key=lambda one: (one.effective_from, one.version), default=None)


async def withdrawals(tx: Tx) -> list[Withdrawal]:
    """Every version that was taken back."""
    return [Withdrawal(*row.values()) for row in await tx.fetch(_WITHDRAWALS, tx.program_id)]


async def decided_by(tx: Tx, one: Published) -> dict[str, int]:
    """How much of each kind was decided by a version that no other follows."""
    args = (one.version, UUID(int=one.version), one.effective_from)
    (row,) = await tx.fetch(_DECIDED, tx.program_id, *args)
    return dict(row)


async def here(tx: Tx) -> Place:
    """Where we are; asked before something is counted that is to be counted on from here."""
    (row,) = await tx.fetch(_HERE)
    milliseconds = (tx.new_id().int >> 80) - _APART
    return Place(row["oldest"], UUID(int=milliseconds << 80))


async def decided_since(tx: Tx, one: Published, place: Place) -> dict[str, int]:
    """How much of each kind was decided by a version since then; it reads nothing older."""
    args = (one.version, UUID(int=one.version), one.effective_from, *place)
    (row,) = await tx.fetch(_DECIDED_SINCE, tx.program_id, *args)
    return dict(row)


async def codes(tx: Tx) -> dict[tuple[str, str], int]:
    """The small number of every (kind, name)."""
    rows = await tx.fetch(_CODES, tx.program_id)
    return {(row["kind"], row["name"]): row["code"] for row in rows}


async def latest(tx: Tx) -> int:
    """The number of the newest version; 0 before the first."""
    return int((await tx.fetch(_LATEST, tx.program_id))[0]["version"])


async def ruling(tx: Tx) -> int:
    """The number of the version that rules now; 0 before the first."""
    rows = await tx.fetch(_RULING, tx.program_id, tx.now)
    return int(rows[0]["version"]) if rows else 0
