-- I2: Every member has exactly one standing, by which all that is decided about them is put in
--   order; it says so where they were ever merged or given a tier by hand.
-- Fails when: a member cannot earn or redeem, or two tills could decide about them at once.
-- Do: report it; `regulars rebuild --repair` adds a standing that is missing.
-- Counts: member
select program_id, member_id, m.member_id is not null as is_member,
       s.member_id is not null as has_standing, null::uuid as tied_by
  from member m
  full join standing s using (program_id, member_id)
 where m.member_id is null or s.member_id is null
union all
select s.program_id, s.member_id, true, true, t.by
  from standing s
  join (select program_id, member_id, into_id as by from member_alias
         union all select program_id, into_id, member_id from member_alias
         union all select program_id, from_id, merge_id from member_merge
         union all select program_id, into_id, merge_id from member_merge
         union all select program_id, member_id, grant_id from tier_grant) t
       using (program_id, member_id)
 where not s.tied
