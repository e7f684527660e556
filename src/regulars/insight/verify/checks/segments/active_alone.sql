-- I92: Only active members are in segments, nobody who was erased, merged or blocked; and how
--   many there are is kept as it is.
-- Fails when: somebody who asked to be forgotten is written to, or a screen counts them.
-- Do: report it with the rows named here; save the segment again, with another condition and back.
-- Counts: segment_member
--
-- Of whoever something was said since segments were last brought up nothing is said, except of the
-- erased: they are gone at once.
with reach as (
    select program_id, below_tx from segment_reach
), fresh as (
    select program_id, member_id from segment_touch
     union select program_id, member_id from entry join reach using (program_id)
     where recorded_tx >= below_tx
     union select program_id, member_id from activity join reach using (program_id)
     where recorded_tx >= below_tx
     union select program_id, member_id from outbox join reach using (program_id)
     where recorded_tx >= below_tx
), passed as (
    select f.program_id, a.into_id as member_id
      from fresh f join member_alias a using (program_id, member_id)
     union select * from fresh
), tallied as (
    select program_id, of_id, sum(change) as many from member_tally group by 1, 2
), counted as (
    select program_id, segment_id as of_id, count(*) as many from segment_member group by 1, 2
     union all
    select program_id, '00000000-0000-0000-0000-000000000000'::uuid, count(*) from member
     where state = 'active' group by 1
)
select k.program_id, k.segment_id, k.member_id, coalesce(m.state, 'nobody') as state,
       null::bigint as kept, null::bigint as there
  from segment_member k
  left join member m using (program_id, member_id)
  left join passed x using (program_id, member_id)
 where m.state is null or m.state = 'erased' or (m.state <> 'active' and x.member_id is null)
union all
select program_id, l.segment_id, l.member_id, m.state, null, null
  from segment_listed l join member m using (program_id, member_id) where m.state = 'erased'
union all
select program_id, of_id, null, 'counted', t.many::bigint, c.many
  from tallied t full join counted c using (program_id, of_id)
 where coalesce(t.many, 0) <> coalesce(c.many, 0)
