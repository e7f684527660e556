-- Add what was booked in these transactions to the sums of lots.
--
-- $1 program, $2 the program's zone, $3 from which transaction, $4 below which.
-- Lots and their moves are only ever appended, each with its entry, so every entry is added once.
-- Whoever points are passed on to has them by the same cause: of an import they stay brought over.
with booked as materialized (
    select e.member_id, e.entry_id, e.kind, e.occurred_at
      from entry e
     where e.program_id = $1::int and e.recorded_tx >= $3::bigint and e.recorded_tx < $4::bigint
), held as materialized (
    -- Of each of them all lots at once: one by one they would be looked up again for every entry.
    select l.member_id, l.wallet, l.lot_id, l.entry_id, l.earned_at, l.amount,
           l.cause_id in (select import_id from import where program_id = $1::int) as brought
      from (select distinct member_id from booked) m
     cross join lateral (
           select * from lot l
            where l.program_id = $1::int and l.member_id = m.member_id offset 0) l
), moves as (
    select h.wallet, h.earned_at, h.brought, b.kind, b.occurred_at, true as opens,
           h.amount as points
      from booked b join held h using (member_id, entry_id)
    union all
    select h.wallet, h.earned_at, h.brought, b.kind, b.occurred_at, false, -m.delta
      from booked b
     cross join lateral (
           select * from lot_move m
            where m.program_id = $1::int and m.entry_id = b.entry_id
              and m.member_id = b.member_id offset 0) m
      join held h on h.member_id = m.member_id and h.wallet = m.wallet and h.lot_id = m.lot_id
), parts as (
    select wallet, date_trunc('month', earned_at at time zone $2::text)::date as earned_month,
           date_trunc('month', occurred_at at time zone $2::text)::date as month, brought,
           points,
           -- What moves between members is no new gift: it cancels out where it left. What a
           -- refund or a courtesy opens anew was counted as gone before.
           case when kind in ('capture', 'refund') then 'redeemed'
                when kind in ('expire', 'reinstate') then 'expired'
                when not opens or kind in ('transfer', 'pool', 'merge', 'unmerge') then 'other'
                else 'given' end as part, opens
      from moves
), sums as (
    insert into lot_month as t (program_id, wallet, earned_month, month, brought, given, redeemed,
                                expired, other)
    select $1::int, wallet, earned_month, month, brought,
           coalesce(sum(points) filter (where part = 'given'), 0),
           coalesce(sum(gone) filter (where part = 'redeemed'), 0),
           coalesce(sum(gone) filter (where part = 'expired'), 0),
           coalesce(sum(gone) filter (where part = 'other'), 0)
      from (select *, case when opens then -points else points end as gone from parts) p
     group by wallet, earned_month, month, brought
     order by wallet, earned_month, month, brought
        on conflict (program_id, wallet, earned_month, month, brought) do update
       set given = t.given + excluded.given, redeemed = t.redeemed + excluded.redeemed,
           expired = t.expired + excluded.expired, other = t.other + excluded.other
    returning 1
)
select (select count(*) from sums) as sums, (select count(*) from booked) as entries
