-- Members whom prospects may ask.
-- Table: reference_member
-- Delta: whole
-- member_id mem: who
-- agreed_at instant: since when
-- agreed_by text: who noted it
select coalesce(l.into_id, a.member_id) as member_id, min(a.agreed_at) as agreed_at,
       min(a.agreed_by) as agreed_by
  from reference_member a
  left join member_alias l on l.program_id = a.program_id and l.member_id = a.member_id
 where a.program_id = $1 group by 1
