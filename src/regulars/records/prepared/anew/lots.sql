-- What lots were given and lost, and who moved between steps: added to sums, each entry once.
select set_config('enable_sort', 'off', true);

insert into anew_lot (program_id, wallet, earned_month, month, brought, given, redeemed, expired,
                      other)
with held as materialized (
    select member_id, wallet, lot_id, entry_id, earned_at, amount,
           cause_id in (select import_id from import where program_id = :program::int) as brought
      from lot
     where program_id = :program::int and member_id > :after::uuid and member_id <= :upto::uuid
), moves as (
    select l.wallet, l.earned_at, l.brought, b.kind, b.occurred_at, true as opens,
           l.amount as points
      from anew_booked b
      join held l on l.member_id = b.member_id and l.entry_id = b.entry_id
     where b.adds
    union all
    select l.wallet, l.earned_at, l.brought, b.kind, b.occurred_at, false, -m.delta
      from anew_booked b
      join lot_move m on m.program_id = :program::int and m.entry_id = b.entry_id
                     and m.member_id = b.member_id
      join held l on l.member_id = m.member_id and l.wallet = m.wallet and l.lot_id = m.lot_id
     where b.adds
), parts as (
    -- As in `lots.sql` of those who follow: what moves between members is no new gift.
    select wallet, date_trunc('month', earned_at at time zone :zone::text)::date as earned_month,
           date_trunc('month', occurred_at at time zone :zone::text)::date as month, brought,
           points,
           case when kind in ('capture', 'refund') then 'redeemed'
                when kind in ('expire', 'reinstate') then 'expired'
                when not opens or kind in ('transfer', 'pool', 'merge', 'unmerge') then 'other'
                else 'given' end as part,
           case when opens then -points else points end as gone
      from moves
)
select :program::int, wallet, earned_month, month, brought,
       coalesce(sum(points) filter (where part = 'given'), 0),
       coalesce(sum(gone) filter (where part = 'redeemed'), 0),
       coalesce(sum(gone) filter (where part = 'expired'), 0),
       coalesce(sum(gone) filter (where part = 'other'), 0)
  from parts group by wallet, earned_month, month, brought;

insert into anew_tier (program_id, day, ladder, tier, members, came, went)
select :program::int, (m.occurred_at at time zone :zone::text)::date, '', e.tier, null, sum(e.came),
       sum(e.went)
  from anew_whose w
  join tier_move m on m.program_id = :program::int and m.member_id = w.member_id
                  and m.recorded_tx < :below::bigint
 cross join lateral (values (coalesce(m.to_tier, ''), 1, 0), (coalesce(m.from_tier, ''), 0, 1))
       as e (tier, came, went)
 where w.adds and m.from_tier is distinct from m.to_tier
 group by 2, 4;

-- What belongs to an entry is found by its key.
select set_config('enable_indexscan', 'on', true), set_config('enable_nestloop', 'on', true),
       set_config('enable_sort', 'on', true);
