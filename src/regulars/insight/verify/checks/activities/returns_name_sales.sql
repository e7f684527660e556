-- I19: Every return names something of the same member that is there; a friend only by a referral.
-- Fails when: points were taken back for a sale nobody knows.
-- Do: compare the returns named here with the last backup and report it as a bug.
-- Counts: activity where kind = 'return'
select program_id, member_id, activity_id, kind, sale_id
  from activity a
 where (kind = 'return') <> (sale_id is not null)
union all
select program_id, member_id, activity_id, kind, sale_id
  from activity a
 where sale_id is not null
   and not exists (select from activity s
                    where s.program_id = a.program_id and s.member_id = a.member_id
                      and s.activity_id = a.sale_id
                      and s.sale_id is null
                      and (s.kind <> 'friend-stayed' or a.source = 'referral'))
