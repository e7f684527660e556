"""Are the books right after a round? A speed whose books are wrong is not reported at all."""

from __future__ import annotations

from collections.abc import Sequence

from bench.ground import Ground
from bench.measured import Round

_EARNS = """
select (select count(*) from activity) activities,
       (select count(*) from once) keys,
       (select count(*) from trail) trails,
       (select count(*) from entry where kind = 'earn') entries,
       (select count(*) from posting) postings,
       (select count(*) from lot) lots,
       (select count(*) from outbox where type = 'points.earned') events,
       (select sum(version) from standing) - (select count(*) from tier_move) writes,
       (select sum(amount_minor) from activity) spent,
       (select sum(value) from counter where counter = 3) credit
"""
_SUMS = """
with books as (
    select member_id, sum(amount) points from posting where account = 1 group by member_id),
lots as (select member_id, sum(remaining - pinned) points from lot group by member_id),
wallets as (select member_id, sum(available) points from balance group by member_id)
select (select count(*) from (select from posting group by entry_id
                              having sum(amount) <> 0 or count(*) < 2) e) unbalanced,
       (select count(*) from wallets full join books using (member_id)
         where coalesce(wallets.points, 0) <> coalesce(books.points, 0)) balance_is_not_postings,
       (select count(*) from wallets full join lots using (member_id)
         where coalesce(wallets.points, 0) <> coalesce(lots.points, 0)) balance_is_not_lots
"""


class WrongBooks(Exception):
    """The books do not say what was acknowledged."""


def audit_earns(ground: Ground, database: str, rounds: Sequence[Round], credit_before: int) -> int:
    """Every acknowledged earn is there once with all its rows; answers how many there are.

    What was under way when a load generator hung up may be there as well, and nothing else.
    """
    row = dict(ground.rows(database, _EARNS)[0])
    spent, credit = row.pop("spent") or 0, row.pop("credit") or 0
    row["postings"], odd = divmod(row["postings"], 2)
    counts = set(row.values())
    acknowledged = sum(one.acknowledged + one.before for one in rounds)
    most = acknowledged + sum(one.in_flight for one in rounds)
    sums = dict(ground.rows(database, _SUMS)[0])
    (earns, *others) = counts
    if others or odd or any(sums.values()) or credit - credit_before != spent:
        raise WrongBooks(f"{database}: {row} {sums} spent {spent}, credit {credit - credit_before}")
    if not acknowledged <= earns <= most:
        raise WrongBooks(f"{database}: {acknowledged} acknowledged, at most {most}, kept {earns}")
    return int(earns)
