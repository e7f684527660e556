-- I35: Every event another system wanted to hear of is on its way to it, was delivered, or is dead
--   and says why; and its lines are as long as they say.
-- Fails when: a receiver never hears of something, and cannot know that it is missing.
-- Do: replay to the webhook named here, from before the event.
-- Counts: hook_sending
--
-- What was looked at lies below `below_tx`; what was settled before `swept_at` is forgotten. What lay
-- here when the house was restored is dead, and says so. What is left of a deleted webhook goes in
-- portions, and is nobody's. A line that is not due for ever is being moved back, so somebody asked.
with heard as materialized (
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
  join heard h using (program_id, hook_id)
  left join outbox o on o.program_id = s.program_id and o.outbox_id = s.event_id
 where o.outbox_id is null
union all
select program_id, hook_id, null, 'a line that is not as long as it says'
  from (select s.program_id, s.hook_id, s.member_id, max(s.position) as last,
               count(*) filter (where s.state = 'waiting') as waits,
               min(s.position) filter (where s.state = 'waiting') as waits_from,
               max(s.position) filter (where s.state <> 'waiting') as settled_to
          from hook_sending s join heard h using (program_id, hook_id) group by 1, 2, 3) s
  full join (select l.* from hook_line l join heard h using (program_id, hook_id)) l
       using (program_id, hook_id, member_id)
 where l.planned is null or coalesce(s.last, 0) > l.planned
    or coalesce(s.waits, 0) <> l.planned - l.done
    or s.waits_from <= l.done or s.settled_to > l.done
union all
select l.program_id, l.hook_id, null, 'a line that is held for ever'
  from hook_line l
  join heard h using (program_id, hook_id)
  left join hook_replay r using (program_id, hook_id)
 where l.try_at = 'infinity' and r.hook_id is null
