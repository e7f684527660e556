-- Fold what moved in the wallets of these members anew; as `members.sql`, of the ledger.
--
-- $1 program, $2 everybody concerned, $3 the program's zone. Accounts from 11 on are the program's
-- side: what a member gains leaves it, so issued, adjusted and other turn their sign.
with roots as (
    select distinct coalesce(a.into_id, w.member_id) as member_id
      from unnest($2::uuid[]) as w (member_id)
      left join member_alias a on a.program_id = $1::int and a.member_id = w.member_id
), everybody as (
    select member_id from roots union select member_id from unnest($2::uuid[]) as w (member_id)
), own as (
    select o.member_id, o.root
      from (select member_id, member_id as root from roots
            union all
            select a.member_id, a.into_id from member_alias a
              join roots r on a.into_id = r.member_id
             where a.program_id = $1::int) o
     where not exists (select from import_undone u
                        where u.program_id = $1::int and u.member_id = o.member_id and u.made
                          and u.state = 'undone')
), came as materialized (
    select o.root, e.member_id, e.entry_id, e.kind, e.cause_id, e.occurred_at
      from own o
     cross join lateral (
           select * from entry e
            where e.program_id = $1::int and e.member_id = o.member_id offset 0) e
), shops as materialized (
    -- Of each of them all at once, as in `lots.sql`: where a cause happened, if anywhere.
    select o.member_id, a.activity_id as cause_id, a.store
      from own o
     cross join lateral (
           select * from activity a
            where a.program_id = $1::int and a.member_id = o.member_id and a.store <> ''
              and a.member_id <> '00000000-0000-0000-0000-000000000000' offset 0) a
    union all
    select o.member_id, r.redemption_id, r.store
      from own o
     cross join lateral (
           select * from redemption r
            where r.program_id = $1::int and r.member_id = o.member_id and r.store <> ''
           offset 0) r
), booked as materialized (
    select c.root, p.wallet, p.account, p.amount, x.store,
           (c.occurred_at at time zone coalesce(s.zone, $3::text))::date as day
      from came c
     cross join lateral (
           select * from posting p
            where p.program_id = $1::int and p.entry_id = c.entry_id
              and p.member_id = c.member_id and p.account >= 11 offset 0) p
      left join shops h on h.member_id = c.member_id and h.cause_id = c.cause_id
      left join entry_place at on at.program_id = $1::int and at.member_id = c.member_id
                              and at.cause_id = c.cause_id and at.kind = c.kind
     cross join lateral (select coalesce(h.store, at.store, '') as store) x
      left join store s on s.program_id = $1::int and s.code = x.store
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
