-- I28: Who was merged has nothing left, and stands under one member who was not merged.
-- Fails when: points lie where no look-up ends, or a card leads nowhere.
-- Do: compare the members named here with the last backup and report it as a bug; what lies with the
--   merged one belongs to the one they stand under.
-- Counts: member_merge
with merged as (
    select m.program_id, m.member_id, m.state, a.into_id, g.merge_id
      from member m
      left join member_alias a using (program_id, member_id)
      left join member_merge g on g.program_id = m.program_id and g.from_id = m.member_id
                              and g.unmerged_at is null
     where m.state = 'merged' or a.into_id is not null or g.merge_id is not null
)
select program_id, member_id, into_id,
       'state, alias and merge do not tell the same' as wrong
  from merged
 where state <> 'merged' or into_id is null or merge_id is null
union all
select m.program_id, m.member_id, m.into_id, 'stands under somebody who was merged too'
  from merged m
  join merged o on o.program_id = m.program_id and o.member_id = m.into_id
union all
select m.program_id, m.member_id, m.into_id, 'still has a balance'
  from merged m
  join balance b using (program_id, member_id)
 where b.available <> 0 or b.pending <> 0 or b.held <> 0 or b.debt <> 0 or b.earned <> 0
union all
select m.program_id, m.member_id, m.into_id, 'still has a counter'
  from merged m
  join counter c using (program_id, member_id)
 where c.value <> 0
union all
select m.program_id, m.member_id, m.into_id, 'is still found by a name of their own'
  from merged m
  join identifier i using (program_id, member_id)
union all
select m.program_id, m.member_id, m.into_id, 'still has a tier'
  from merged m
  join standing s using (program_id, member_id)
 where s.tier is not null
