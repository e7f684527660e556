-- Where a redemption happened, if anywhere; where activities did is there already (`parts`).
insert into anew_shop (member_id, cause_id, store)
select w.member_id, r.redemption_id, r.store
  from anew_whose w
  join redemption r on r.program_id = :program::int and r.member_id = w.member_id and r.store <> '';

-- What was booked for them, in the order of its ids: what belongs to it is found page by page.
insert into anew_booked (member_id, entry_id, kind, occurred_at, root, adds, day, store)
select e.member_id, e.entry_id, e.kind, e.occurred_at, e.root, e.adds,
       (e.occurred_at at time zone coalesce(s.zone, :zone::text))::date as day, e.store
  from (select b.*, coalesce(h.store, at.store, '') as store
          from (select e.member_id, e.entry_id, e.kind, e.cause_id, e.occurred_at, w.root, w.adds
                  from anew_whose w join entry e on e.member_id = w.member_id
                 where e.program_id = :program::int and e.recorded_tx < :below::bigint
                   and e.member_id > :after::uuid and e.member_id <= :upto::uuid
                union all
                select e.member_id, e.entry_id, e.kind, e.cause_id, e.occurred_at, w.root, w.adds
                  from anew_whose w
                 cross join lateral (
                       select * from entry e
                        where e.program_id = :program::int and e.recorded_tx < :below::bigint
                          and e.member_id = w.member_id offset 0) e
                 where not w.adds) b
          left join anew_shop h on h.member_id = b.member_id and h.cause_id = b.cause_id
          left join entry_place at on at.program_id = :program::int and at.member_id = b.member_id
                                  and at.cause_id = b.cause_id and at.kind = b.kind) e
  left join store s on s.program_id = :program::int and s.code = e.store
 order by e.entry_id;
