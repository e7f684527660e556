-- Prospects who want to hear from a member, and who gave a reference.
-- Table: reference_request
-- Delta: whole
-- request_id rfr: which one
-- prospect text: who asks
-- wants json: attributes a member must have
-- state text: open, asked, given or withdrawn
-- member_id mem?: who is asked, or gave it
-- made_at instant: when
-- made_by text: by whom
-- ended_at instant?: when
-- ended_by text?: by whom
select r.request_id, r.prospect, r.wants, r.state, coalesce(l.into_id, r.member_id) as member_id,
       r.made_at, r.made_by, r.ended_at, nullif(r.ended_by, '') as ended_by
  from reference_request r
  left join member_alias l on l.program_id = r.program_id and l.member_id = r.member_id
 where r.program_id = $1
