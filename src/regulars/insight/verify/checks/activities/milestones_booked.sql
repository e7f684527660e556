-- I55: What milestones gave and took in the books is what is counted as given for them.
-- Fails when: somebody got points for a milestone that nobody counted, or did not get them.
-- Do: what a milestone is to give follows from the kept decisions (`counters_follow`); settle the
--   difference with the members named here by an adjustment, and report it.
-- Counts: entry where kind = 'milestone'
--
-- What had lapsed when it was to go back was not taken; where members do not owe, less may have
-- been there. Of members who were parted again each entry stays with whom it was made.
with wallets as (
    select r.program_id, r.wallet as name, c.code as wallet, r.whole
      from jsonb_to_recordset($1::jsonb -> 'milestones') as r
               (program_id int, wallet text, whole bool)
      join program_code c on c.program_id = r.program_id and c.kind = 'wallet'
                         and c.name = r.wallet
), booked as (
    select e.program_id, coalesce(n.into_id, e.member_id) as member_id, p.wallet,
           -sum(p.amount) as points
      from entry e
      join posting p using (program_id, member_id, entry_id)
      left join member_alias n using (program_id, member_id)
     where e.kind = 'milestone' and p.account = 11
     group by 1, 2, 3
), counted as (
    select k.program_id, coalesce(n.into_id, k.member_id) as member_id, w.wallet,
           sum(k.value) as points
      from (select program_id, member_id, counter, value from counter
            union all
            -- What was given before it came here stands in other books.
            select program_id, member_id, counter, -value from used_before) k
      join program_code c on c.program_id = k.program_id and c.kind = 'counter'
                         and c.code = k.counter
      join wallets w on w.program_id = k.program_id and w.name = split_part(c.name, ':', 5)
      left join member_alias n on n.program_id = k.program_id and n.member_id = k.member_id
     where starts_with(c.name, 'milestone-')
     group by 1, 2, 3
)
select program_id, member_id, wallet, coalesce(b.points, 0) as booked,
       coalesce(c.points, 0) as counted
  from booked b
  full join counted c using (program_id, member_id, wallet)
  left join wallets w using (program_id, wallet)
 where (coalesce(b.points, 0) < coalesce(c.points, 0)
        or (coalesce(b.points, 0) > coalesce(c.points, 0) and w.whole is distinct from false))
   and not exists (select from member_merge m
                    where m.program_id = coalesce(b.program_id, c.program_id)
                      and m.unmerged_at is not null
                      and coalesce(b.member_id, c.member_id) in (m.from_id, m.into_id))
