-- What was booked for them, in the order of its ids: what belongs to it is found page by page.
insert into anew_booked (member_id, entry_id, kind, cause_id, occurred_at, root, adds)
select e.member_id, e.entry_id, e.kind, e.cause_id, e.occurred_at, e.root, e.adds
  from (select e.*, w.root, w.adds
          from anew_whose w join entry e on e.member_id = w.member_id
         where e.program_id = :program::int and e.recorded_tx < :below::bigint
           and e.member_id > :after::uuid and e.member_id <= :upto::uuid
        union all
        select e.*, w.root, w.adds
          from anew_whose w
         cross join lateral (
               select * from entry e
                where e.program_id = :program::int and e.recorded_tx < :below::bigint
                  and e.member_id = w.member_id offset 0) e
         where not w.adds) e
 order by e.entry_id;

-- Where a cause happened, if anywhere.
insert into anew_shop (member_id, cause_id, store)
select member_id, activity_id as cause_id, store from {told} t where store <> ''
union all
select w.member_id, r.redemption_id, r.store
  from anew_whose w
  join redemption r on r.program_id = :program::int and r.member_id = w.member_id and r.store <> '';

insert into anew_moved (program_id, member_id, day, store, wallet, issued, redeemed, expired,
                        adjusted, other)
select :program::int, b.root, (b.occurred_at at time zone coalesce(s.zone, :zone::text))::date as day,
       x.store, p.wallet, -coalesce(sum(p.amount) filter (where p.account = 11), 0),
       coalesce(sum(p.amount) filter (where p.account = 12), 0),
       coalesce(sum(p.amount) filter (where p.account = 13), 0),
       -coalesce(sum(p.amount) filter (where p.account = 14), 0),
       -coalesce(sum(p.amount) filter (where p.account > 14), 0)
  from anew_booked b
  join posting p on p.program_id = :program::int and p.entry_id = b.entry_id
                and p.member_id = b.member_id and p.account >= 11
  left join anew_shop h on h.member_id = b.member_id and h.cause_id = b.cause_id
  left join entry_place at on at.program_id = :program::int and at.member_id = b.member_id
                          and at.cause_id = b.cause_id and at.kind = b.kind
 cross join lateral (select coalesce(h.store, at.store, '') as store) x
  left join store s on s.program_id = :program::int and s.code = x.store
 where b.root is not null group by b.root, 3, x.store, p.wallet;
