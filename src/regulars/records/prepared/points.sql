-- Fold what moved in the wallets of these members anew; as `members.sql`, of the ledger.
--
-- $1 program, $2 everybody concerned, $3 the program's zone, $4 from which transaction, $5 below
-- which: only the days of what was booked in them, or all. Accounts from 11 on are the program's
-- side: what a member gains leaves it, so issued, adjusted and other turn their sign.
{united}), told as materialized (
    select t.member_id, t.occurred_at
      from entry t
     where t.program_id = $1::int and t.recorded_tx >= $4::bigint and t.recorded_tx < $5::bigint
       and t.member_id = any ($2::uuid[])
), near as materialized (
    -- Whatever may lie on the days concerned, by whatever clock.
    select member_id, '-infinity'::timestamptz as since, 'infinity'::timestamptz as until
      from roots where $4::bigint is null
    union all
    select coalesce(i.into_id, t.member_id), min(t.occurred_at) - interval '51 hours',
           max(t.occurred_at) + interval '51 hours'
      from told t
      left join member_alias i on i.program_id = $1::int and i.member_id = t.member_id
     group by 1
), came as materialized (
    select o.root, e.member_id, e.entry_id, e.kind, e.cause_id, e.occurred_at,
           e.recorded_tx >= $4::bigint and e.recorded_tx < $5::bigint as told
      from near n
      join own o on o.root = n.member_id
     cross join lateral (
           select * from entry e
            where e.program_id = $1::int and e.member_id = o.member_id
              and e.occurred_at >= n.since and e.occurred_at < n.until offset 0) e
), there as materialized (
    select c.root, c.told, c.member_id, c.entry_id, x.store,
           (c.occurred_at at time zone coalesce(s.zone, $3::text))::date as day
      from came c
      left join lateral (
           select a.store from activity a
            where a.program_id = $1::int and a.activity_id = c.cause_id
              and a.member_id = c.member_id and a.store <> '' offset 0) h on true
      left join lateral (
           select r.store from redemption r
            where r.program_id = $1::int and r.member_id = c.member_id
              and r.redemption_id = c.cause_id and r.store <> '' offset 0) g on true
      left join entry_place at on at.program_id = $1::int and at.member_id = c.member_id
                              and at.cause_id = c.cause_id and at.kind = c.kind
     cross join lateral (select coalesce(h.store, g.store, at.store, '') as store) x
      left join store s on s.program_id = $1::int and s.code = x.store
), wanted as materialized (
    select distinct root as member_id, day from there where told
), booked as materialized (
    select c.root, c.store, c.day, p.wallet, p.account, p.amount
      from there c
     cross join lateral (
           select * from posting p
            where p.program_id = $1::int and p.entry_id = c.entry_id
              and p.member_id = c.member_id and p.account >= 11 offset 0) p
     where $4::bigint is null
        or exists (select from wanted w where w.member_id = c.root and w.day = c.day)
), due as materialized (
    select root as member_id, day, store, wallet,
           (-coalesce(sum(amount) filter (where account = 11), 0))::bigint as issued,
           coalesce(sum(amount) filter (where account = 12), 0)::bigint as redeemed,
           coalesce(sum(amount) filter (where account = 13), 0)::bigint as expired,
           (-coalesce(sum(amount) filter (where account = 14), 0))::bigint as adjusted,
           (-coalesce(sum(amount) filter (where account > 14), 0))::bigint as other
      from booked group by root, day, store, wallet
), kept as materialized (
    select d.member_id, d.day, d.store, d.wallet, d.issued, d.redeemed, d.expired, d.adjusted,
           d.other
      from everybody e
      join points_day d on d.program_id = $1::int and d.member_id = e.member_id
     where $4::bigint is null
    union all
    select d.member_id, d.day, d.store, d.wallet, d.issued, d.redeemed, d.expired, d.adjusted,
           d.other
      from wanted w
      join points_day d on d.program_id = $1::int and d.member_id = w.member_id and d.day = w.day
     where $4::bigint is not null
), gone as (
    delete from points_day d
     using (select member_id, day, store, wallet from kept
            except select member_id, day, store, wallet from due) g
     where d.program_id = $1::int and d.member_id = g.member_id and d.day = g.day
       and d.store = g.store and d.wallet = g.wallet
    returning 1
), written as (
    insert into points_day (program_id, member_id, day, store, wallet, issued, redeemed, expired,
                            adjusted, other)
    select $1::int, n.* from (select * from due except select * from kept) n
     order by n.member_id, n.day, n.store, n.wallet
        on conflict (program_id, member_id, day, store, wallet) do update
       set issued = excluded.issued, redeemed = excluded.redeemed, expired = excluded.expired,
           adjusted = excluded.adjusted, other = excluded.other
    returning 1
), sums as (
    insert into store_points_day as t (program_id, day, store, wallet, issued, redeemed, expired,
                                       adjusted, other)
    select $1::int, day, store, wallet, sum(sign * issued), sum(sign * redeemed),
           sum(sign * expired), sum(sign * adjusted), sum(sign * other)
      from (select 1 as sign, due.* from due union all select -1, kept.* from kept) sides
     group by day, store, wallet
    having row(sum(sign * issued), sum(sign * redeemed), sum(sign * expired),
               sum(sign * adjusted), sum(sign * other)) <> row(0, 0, 0, 0, 0)
     order by day, store, wallet
        on conflict (program_id, day, store, wallet) do update
       set issued = t.issued + excluded.issued, redeemed = t.redeemed + excluded.redeemed,
           expired = t.expired + excluded.expired, adjusted = t.adjusted + excluded.adjusted,
           other = t.other + excluded.other
    returning 1
)
select (select count(*) from gone) + (select count(*) from written) as changed,
       (select count(*) from sums) as sums
