-- I9: A reversal names an entry of the same member, takes back no more than that moved, and is
--   final.
-- Fails when: something was taken back twice, or a reversal was itself reversed.
-- Do: look up the entries named here and settle the difference by an adjustment; report it.
-- Counts: entry where reverses is not null
with reversing as (
    select program_id, member_id, reverses as entry_id, p.wallet, p.account, sum(p.amount) as back
      from entry
      join posting p using (program_id, member_id, entry_id)
     where reverses is not null
     group by program_id, member_id, reverses, p.wallet, p.account
), booked as (
    select program_id, member_id, p.entry_id, p.wallet, p.account, sum(p.amount) as moved
      from posting p
     where exists (select from reversing r where r.entry_id = p.entry_id)
     group by program_id, member_id, p.entry_id, p.wallet, p.account
)
select program_id, member_id, entry_id, wallet, account, r.back, b.moved
  from reversing r
  left join booked b using (program_id, member_id, entry_id, wallet, account)
 where (b.moved is null or sign(r.back) = sign(b.moved) or abs(r.back) > abs(b.moved))
   -- What was spent comes back from the program's side to what can be spent.
   and not (r.account = 1 and exists (
       select from entry e where e.program_id = r.program_id and e.member_id = r.member_id
                             and e.reverses = r.entry_id and e.kind = 'refund'))
union all
select e.program_id, e.member_id, e.entry_id, null, null, null, null
  from entry e
  join entry first on first.program_id = e.program_id and first.member_id = e.member_id
                  and first.entry_id = e.reverses
 where first.reverses is not null
