"""Are the books right after a goal? A speed whose books are wrong is not reported at all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from bench.field.ground import Ground
from bench.rounds import Round
from regulars.runtime.checking.books import verify_books
from regulars.runtime.installation.addresses import OWNER_ROLE

Counts = Mapping[str, int]

# What an earn leaves: each of these grows by one per earn (postings by two).
_EARNS = """
select (select count(*) from activity) activities,
       (select count(*) from once) keys,
       (select count(*) from trail) trails,
       (select count(*) from entry where kind = 'earn') entries,
       (select count(*) from lot) lots,
       (select count(*) from outbox where type = 'points.earned') events,
       (select sum(version) from standing) - (select count(*) from tier_move) versions,
       (select count(*) from posting where account = 11) issued,
       (select coalesce(sum(amount_minor), 0) from activity) spent,
       (select coalesce(sum(value), 0) from counter where counter = 3) credit
"""
# What a redemption leaves once it is captured; `held` counts those that were only reserved.
_REDEMPTIONS = """
select (select count(*) from redemption where state = 'captured') redemptions,
       (select count(*) from hold where state = 'captured' and captured = 250) holds,
       (select count(*) from entry where kind = 'capture') entries,
       (select count(*) from outbox where type = 'reward.captured') events,
       (select -sum(delta) from lot_move) / 250 moved,
       (select sum(amount) from posting where account = 12) / 250 redeemed,
       (select count(*) from redemption where state = 'held') held
"""
_SUMS = """
with books as (
    select member_id, sum(amount) filter (where account = 1) available,
           sum(amount) filter (where account = 3) held
      from posting group by member_id),
lots as (select member_id, sum(remaining - pinned) available, sum(pinned) held
           from lot group by member_id),
wallets as (select member_id, sum(available) available, sum(held) held
              from balance group by member_id)
select (select count(*) from (select from posting group by entry_id
                              having sum(amount) <> 0 or count(*) < 2) e) unbalanced,
       (select count(*) from wallets w full join books b using (member_id)
         where (coalesce(w.available, 0), coalesce(w.held, 0))
               <> (coalesce(b.available, 0), coalesce(b.held, 0))) balance_is_not_postings,
       (select count(*) from wallets w full join lots l using (member_id)
         where (coalesce(w.available, 0), coalesce(w.held, 0))
               <> (coalesce(l.available, 0), coalesce(l.held, 0))) balance_is_not_lots,
       (select count(*) from wallets where available < 0 or held < 0) overdrafts
"""


class WrongBooks(Exception):
    """The books do not say what was acknowledged."""


def count_earns(ground: Ground, database: str) -> Counts:
    """What an earn leaves, counted."""
    return dict(ground.rows(database, _EARNS)[0])


def count_redemptions(ground: Ground, database: str) -> Counts:
    """What a redemption leaves, counted."""
    return {name: n or 0 for name, n in ground.rows(database, _REDEMPTIONS)[0].items()}


def audit_earns(ground: Ground, database: str, rounds: Sequence[Round], before: Counts) -> int:
    """Every acknowledged earn is there once with all its rows; answers how many there are.

    What was under way when a load generator hung up may be there as well, and nothing else.
    """
    grown = _grown(count_earns(ground, database), before)
    spent, credit = grown.pop("spent"), grown.pop("credit")
    if spent != credit:
        raise WrongBooks(f"{database}: {spent} was spent, {credit} counts for tiers")
    return _as_many(database, grown, rounds)


def audit_redemptions(
    ground: Ground, database: str, rounds: Sequence[Round], before: Counts
) -> int:
    """Every acknowledged capture is there once; answers how many there are."""
    grown = _grown(count_redemptions(ground, database), before)
    held, most = grown.pop("held"), sum(one.in_flight for one in rounds)
    if held > most:
        raise WrongBooks(f"{database}: {held} were only reserved, at most {most} can be")
    return _as_many(database, grown, rounds)


def audit_sums(ground: Ground, database: str) -> None:
    """Balances, postings and lots say the same, and nobody is below zero."""
    wrong = {name: n for name, n in ground.rows(database, _SUMS)[0].items() if n}
    if wrong:
        raise WrongBooks(f"{database}: {wrong}")


def verify_ours(ground: Ground, database: str) -> str:
    """`regulars verify` over our database; says how much it looked at."""
    return asyncio.run(_verify(ground.cluster.dsn(OWNER_ROLE, database)))


async def _verify(dsn: str) -> str:
    report = await verify_books(dsn)
    wrong = {one.check: one.violations for one in report.findings if one.violations}
    if wrong:
        raise WrongBooks(f"regulars verify: {wrong}")
    return f"{len(report.findings)} checks, 0 violations"


def _grown(now: Counts, before: Counts) -> dict[str, int]:
    return {name: int(count - before[name]) for name, count in now.items()}


def _as_many(database: str, grown: Counts, rounds: Sequence[Round]) -> int:
    acknowledged = sum(one.acknowledged + one.before for one in rounds)
    most = acknowledged + sum(one.in_flight for one in rounds)
    kept = set(grown.values())
    if len(kept) != 1 or not acknowledged <= max(kept) <= most:
        raise WrongBooks(f"{database}: {acknowledged} to {most} acknowledged, kept {grown}")
    return kept.pop()
