-- I30: What a till recorded and we booked is in the books once, and is there.
-- Fails when: something was booked of a record that is gone, a record was left half way, or a record never came.
-- Do: look at the record named here (`regulars tills records`) and try it again; a missing one is still on its device.
-- Counts: till_record
with seen as (select program_id, till_id, seen_at from till)
select program_id, record_id, 'what it became is not there' as wrong
  from till_record r
 where state in ('applied', 'duplicate')
   and not exists (select from activity a
                    where a.program_id = r.program_id and a.activity_id = r.subject_id)
   and not exists (select from waiting_return w
                    where w.program_id = r.program_id and w.activity_id = r.subject_id)
   and not exists (select from redemption d
                    where d.program_id = r.program_id and d.redemption_id = r.subject_id)
   and not exists (select from member m
                    where m.program_id = r.program_id and m.member_id = r.subject_id)
union all
select program_id, record_id, 'it is no till''s'
  from till_record r
 where not exists (select from seen s
                    where s.program_id = r.program_id and s.till_id = r.till_id)
union all
select program_id, record_id, 'it was taken and never ended'
  from till_record r
  join seen using (program_id, till_id)
 where state = 'taken' and recorded_at < seen_at - interval '1 day'
union all
select program_id, record_id, 'a record before it has not come for sixty days'
  from (select program_id, till_id, record_id, recorded_at, sequence,
               lag(sequence, 1, 0::bigint) over (partition by program_id, till_id
                                                 order by sequence) as before
          from till_record where placed) r
  join seen using (program_id, till_id)
 where sequence <> before + 1 and recorded_at < seen_at - interval '60 days'
