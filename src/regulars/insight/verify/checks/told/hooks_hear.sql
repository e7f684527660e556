-- I35: Every event another system wanted to hear of is on its way to it, was delivered, or is dead
--   and says why; and its lines are as long as they say.
-- Fails when: a receiver never hears of something, and cannot know that it is missing.
-- Do: replay to the webhook named here, from before the event.
-- Counts: hook_sending
--
-- What was looked at lies below `below_tx`; what was settled before `swept_at` is forgotten. What lay
-- here when the house was restored is dead, and says so.
with heard as (
    select h.program_id, h.hook_id, r.below_tx, r.after_id,
           greatest(coalesce(r.swept_at, '-infinity'), r.floor_at) as since
      from hook h join hook_reach r using (program_id, hook_id)
     where h.state <> 'deleted'
)
select h.program_id, h.hook_id, o.outbox_id, 'no sending' as why
  from heard h
  join hook_wish w using (program_id, hook_id)
  join outbox o on o.program_id = w.program_id and o.type = w.type
   and o.recorded_tx >= w.from_tx and (w.until_tx is null or o.recorded_tx < w.until_tx)
   and (o.recorded_tx, o.outbox_id) <= (h.below_tx, h.after_id) and o.recorded_at > h.since
  left join hook_sending s on s.program_id = o.program_id and s.hook_id = h.hook_id
   and s.event_id = o.outbox_id
 where s.event_id is null
union all
select s.program_id, s.hook_id, s.event_id, 'no event'
  from hook_sending s
  left join outbox o on o.program_id = s.program_id and o.outbox_id = s.event_id
 where o.outbox_id is null
union all
select s.program_id, s.hook_id, s.event_id, 'out of its line'
  from hook_sending s
  left join hook_line l using (program_id, hook_id, member_id)
 where l.member_id is null or s.position > l.planned
    or (s.position > l.done) <> (s.state = 'waiting')
union all
select l.program_id, l.hook_id, null, 'a line with a hole'
  from hook_line l
  left join (select program_id, hook_id, member_id, count(*) as many
               from hook_sending where state = 'waiting' group by 1, 2, 3) w
       using (program_id, hook_id, member_id)
 where l.planned - l.done <> coalesce(w.many, 0)
