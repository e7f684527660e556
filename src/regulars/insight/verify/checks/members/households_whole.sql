-- I28: A household has one head as long as anybody belongs to it, and nobody belongs to two.
-- Fails when: nobody can say who spends for a household, or points of one are in two pools.
-- Do: let the members named here leave, and join again in the role they should have; report it.
-- Counts: household_member
with places as (
    select program_id, member_id, household_id, role from household_member where left_at is null
)
select program_id, household_id, null::uuid as member_id, count(*) as members,
       count(*) filter (where role = 'head') as heads, 'not one head' as wrong
  from places
 group by program_id, household_id
having count(*) filter (where role = 'head') <> 1
union all
select program_id, null, member_id, count(*), null, 'belongs to two'
  from places
 group by program_id, member_id
having count(*) > 1
union all
select p.program_id, p.household_id, p.member_id, null, null, 'is nobody, or was merged'
  from places p
  left join member m using (program_id, member_id)
 where m.member_id is null or m.state = 'merged'
union all
select p.program_id, p.household_id, p.member_id, null, null, 'no such household'
  from places p
  left join household h using (program_id, household_id)
 where h.household_id is null
