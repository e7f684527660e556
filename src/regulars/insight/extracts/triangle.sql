-- Points by the month they were earned and the month they left, as `lot_month` keeps them.
-- $1 the wallet's name, $2 the program's zone.
with moves as (
    select l.earned_at, e.kind, e.occurred_at, true as opens, l.amount as points
      from lots_ever l join entries e using (member_id, entry_id)
     where l.wallet = $1 and mine(l.member_id)
    union all
    select l.earned_at, e.kind, e.occurred_at, false, -m.delta
      from lot_moves m
      join entries e using (member_id, entry_id)
      join lots_ever l on l.member_id = m.member_id and l.lot_id = m.lot_id
     where m.wallet = $1 and l.wallet = $1 and mine(m.member_id)
), parts as (
    select date_trunc('month', earned_at::timestamptz at time zone $2)::date as earned_month,
           date_trunc('month', occurred_at::timestamptz at time zone $2)::date as month,
           points, case when opens then -points else points end as gone,
           case when kind in ('capture', 'refund') then 'redeemed'
                when kind in ('expire', 'reinstate') then 'expired'
                when not opens or kind in ('transfer', 'pool', 'merge', 'unmerge') then 'other'
                else 'given' end as part
      from moves
), sums as (
    select earned_month, month,
           coalesce(sum(points) filter (where part = 'given'), 0)::bigint as given,
           coalesce(sum(gone) filter (where part = 'redeemed'), 0)::bigint as redeemed,
           coalesce(sum(gone) filter (where part = 'expired'), 0)::bigint as expired,
           coalesce(sum(gone) filter (where part = 'other'), 0)::bigint as other
      from parts group by 1, 2
)
select * from sums where given <> 0 or redeemed <> 0 or expired <> 0 or other <> 0 order by 1, 2
