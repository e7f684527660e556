-- I25: The points in the books are those the rules gave, purchase by purchase, return by return.
-- Fails when: a member has points no rule gave, or a rule gave points that never arrived.
-- Do: the kept decision (the trail) says what was right; settle the difference with the members
--   named here by an adjustment, and report it as a bug.
-- Counts: entry where kind in ('earn', 'return')
-- Fold: sales
--
-- The rows are what was issued for each purchase, and what its returns took back of it.
select e.program_id, e.member_id, coalesce(a.sale_id, e.cause_id) as sale_id, e.kind, p.wallet,
       -p.amount as points
  from entry e
  join posting p using (program_id, member_id, entry_id)
  left join activity a on a.program_id = e.program_id and a.member_id = e.member_id
                      and a.activity_id = e.cause_id and a.sale_id is not null
 where e.kind in ('earn', 'return') and p.account = 11
 order by e.program_id, e.member_id, coalesce(a.sale_id, e.cause_id)
