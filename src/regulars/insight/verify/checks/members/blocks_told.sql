-- I29: Who is blocked was blocked by somebody, for a reason, and not let go since.
-- Fails when: a member is refused and nobody knows why, or is served although they were blocked.
-- Do: block or unblock the members named here once more, with the reason.
-- Counts: block
with last as (
    select distinct on (program_id, member_id) program_id, member_id, blocked
      from block
     order by program_id, member_id, block_id desc
)
select program_id, member_id, m.state, l.blocked
  from member m
  left join last l using (program_id, member_id)
 where (m.state = 'blocked') <> coalesce(l.blocked, false)
   and m.state not in ('erased', 'merged')
