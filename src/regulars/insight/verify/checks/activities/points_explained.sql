-- I25: The points in the books are those the rules gave, purchase by purchase, return by return.
-- Fails when: a member has points no decision gave, or one gave points that never arrived.
-- Do: the kept decision (the trail) says what was right; settle the difference with the members
--   named here by an adjustment, and report it as a bug.
-- Counts: entry where kind in ('earn', 'return', 'restate')
-- Fold: sales
--
-- The rows are what was issued for each purchase, what was added or taken when it was decided
-- again, what its returns took back of it, and what had lapsed of it when something came back or
-- it was decided again, or was cancelled while it was pending: that is not taken twice. Who was merged is looked at with the one they stand under. What somebody else got of it
-- and let lapse does not count.
with sales as (
    select s.program_id, s.member_id, coalesce(n.into_id, s.member_id) as stands_as, s.activity_id
      from activity s
      left join member_alias n using (program_id, member_id)
     where exists (select from activity r
                    where r.program_id = s.program_id and r.sale_id = s.activity_id)
        or exists (select from restatement r
                    where r.program_id = s.program_id and r.member_id = s.member_id
                      and r.activity_id = s.activity_id)
)
select e.program_id, coalesce(n.into_id, e.member_id) as member_id,
       coalesce(a.sale_id, e.cause_id) as sale_id, e.kind, p.wallet, -p.amount as points
  from entry e
  join posting p using (program_id, member_id, entry_id)
  left join member_alias n using (program_id, member_id)
  left join activity a on a.program_id = e.program_id and a.activity_id = e.cause_id
                      and a.sale_id is not null
 where e.kind in ('earn', 'return', 'restate') and p.account = 11
union all
select e.program_id, coalesce(n.into_id, e.member_id), l.cause_id, 'expire', p.wallet,
       abs(p.amount)
  from entry e
  left join member_alias n using (program_id, member_id)
  join lot l on l.program_id = e.program_id and l.member_id = e.member_id and l.lot_id = e.cause_id
  join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                and p.entry_id = e.entry_id
  join sales s on s.program_id = l.program_id and s.activity_id = l.cause_id
              and s.stands_as = coalesce(n.into_id, e.member_id)
 where (e.kind = 'expire' and p.account = 13 or e.kind = 'cancel' and p.account = 2)
union all
-- What lapsed while the member stood under somebody they were parted from again.
select e.program_id, s.stands_as, l.cause_id, 'expire', p.wallet, abs(p.amount)
  from entry e
  left join member_alias n using (program_id, member_id)
  join lot l on l.program_id = e.program_id and l.member_id = e.member_id and l.lot_id = e.cause_id
  join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                and p.entry_id = e.entry_id
  join sales s on s.program_id = l.program_id and s.activity_id = l.cause_id
              and s.stands_as <> coalesce(n.into_id, e.member_id)
 where (e.kind = 'expire' and p.account = 13 or e.kind = 'cancel' and p.account = 2)
   and exists (select from member_merge g
                where g.program_id = s.program_id and g.from_id = s.member_id
                  and g.into_id = e.member_id)
 order by program_id, member_id, sale_id
