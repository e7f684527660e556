"""How much of each kind was decided by a version: what was decided is not taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.program.read import Published


class Counted(NamedTuple):
    """Rows of a table that a version decided.

    Shape: `by` tells which, `$2` is the version, `$3` its number as a cause, `$4` from when on it
    rules; `key` is their id, which comes in the order of time; `since` in its place, where that is
    asked otherwise: `$5` is the oldest transaction that was running, `$6` the id from which on.
    """

    name: str
    table: str
    by: str = "version = $2"
    key: str = ""
    since: str = ""


_FROM: Final = ">= $4"
COUNTED: Final = (
    Counted(
        "activities", "trail",
        since="""select count(*) from activity a
          join trail t on t.program_id = a.program_id and t.activity_id = a.activity_id
                      and t.member_id = a.member_id
         where a.recorded_tx >= $5 and a.program_id = $1 and t.version = $2""",
    ),
    Counted("restatements", "restatement", key="restatement_id"),
    Counted(
        "lots", "lot",
        since="""select count(*) from entry e
          join lot l on l.program_id = e.program_id and l.member_id = e.member_id
                    and l.entry_id = e.entry_id
         where e.recorded_tx >= $5 and e.program_id = $1 and l.version = $2""",
    ),
    Counted("redemptions", "redemption", key="redemption_id"),
    Counted("payouts", "payout_run", key="run_id"),
    Counted("benefits", "benefit_use", key="use_id"),
    Counted("grants", "benefit_grant", by=f"from_at {_FROM}", key="grant_id"),
    Counted("choices", "choice", key="choice_id"),
    Counted(
        "tiers", "tier_move", by="cause_id = $3",
        since="""select count(*) from tier_move
         where recorded_tx >= $5 and program_id = $1 and cause_id = $3""",
    ),
    Counted("tiers_by_hand", "tier_grant", by=f"given_at {_FROM}", key="grant_id"),
    Counted("acceptances", "terms_word", by="version = $2 and word = 'accepted'", key="word_id"),
    Counted("runs_of_codes", "code_run", key="run_id"),
    Counted("referrals", "referral", key="referral_id"),
    Counted("memberships", "membership_turn", key="turn_id"),
    Counted("prizes", "prize", key="prize_id"),
    Counted("ends_of_boards", "board_end", by="version = $2 and paid > 0"),
    Counted("draws", "draw"),
    Counted("challenges", "challenge_part", by=f"since {_FROM}", key="part_id"),
    Counted("teams", "team_place", by=f"since {_FROM}", key="place_id"),
)  # fmt: skip
"""Whatever a version decides about anybody, or somebody has by it since it rules.

Order: what was brought over is decided by nobody's terms; a tier a changeover gave names its
version.
"""
APART: Final = frozenset(
    {
        "program_version", "version_withdrawal",  # the versions themselves
        "standing",  # how often a member's row was written
        "changeover_walk", "automatic_walk", "ladder_clock", "retold_reach",  # work to be done
    }
)  # fmt: skip
"""Tables with a version of the program, or a number called so, that decides nothing."""


def _all(one: Counted) -> str:
    return f"select count(*) from {one.table} where program_id = $1 and {one.by}"  # noqa: S608


def _since(one: Counted) -> str:
    return one.since or _all(one) + (f" and {one.key} >= $6" if one.key else "")


def _columns(parts: dict[str, str]) -> str:
    return "select " + ",\n       ".join(f"({sql}) as {name}" for name, sql in parts.items())


_DECIDED: Final = _columns({one.name: _all(one) for one in COUNTED})
# The same of what was written since a moment: by indexes, since nobody decides meanwhile. What has
# a transaction's number is found by it, lots by their entry; the rest by ids, which come in the
# order of time. A test asks the database how it would read each of them.
_DECIDED_SINCE: Final = _columns({one.name: _since(one) for one in COUNTED})
_BOOKED_SINCE: Final = """
select (select count(*) from entry e
          join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                        and p.entry_id = e.entry_id
         where e.recorded_tx >= $4 and e.program_id = $1 and p.wallet = any($2::smallint[])
       ) as entries,
       (select count(*) from membership_turn t
          join membership_clock c on c.program_id = t.program_id and c.member_id = t.member_id
                                 and c.membership_id = t.membership_id
         where t.program_id = $1 and t.turn_id >= $5
           and (t.plan = any($3::text[]) or t.next_plan = any($3::text[]))) as memberships
"""
_HERE: Final = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as oldest"
# Whoever decides anything holds a standing: nobody is in the middle of that while we look, and who
# comes after reads which versions there are anew.
NOBODY_DECIDES: Final = "lock table standing in exclusive mode"
_APART: Final = 600_000
"""So many milliseconds the clocks of two processes are apart at most."""
_ANYTHING: Final = """
select exists (select from activity where program_id = $1)
    or exists (select from entry where program_id = $1)
    or exists (select from redemption where program_id = $1)
    or exists (select from membership_turn where program_id = $1) as anything
"""


class Place(NamedTuple):
    """Where we are in what is written: whatever is not seen yet comes after it."""

    oldest: int
    """The number of the oldest transaction that was still running."""
    floor: UUID


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


async def booked_since(
    tx: Tx, wallets: Sequence[int], plans: Sequence[str], place: Place
) -> dict[str, int]:
    """How much was booked of these wallets since then, and what happened to running memberships
    of these plans, by whichever version; by indexes, too."""
    args = (list(wallets), list(plans), *place)
    (row,) = await tx.fetch(_BOOKED_SINCE, tx.program_id, *args)
    return dict(row)


async def anything(tx: Tx) -> bool:
    """Whether anything was ever recorded that may be kept as money."""
    (row,) = await tx.fetch(_ANYTHING, tx.program_id)
    return bool(row["anything"])
