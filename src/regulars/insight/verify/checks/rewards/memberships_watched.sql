-- I45: Every membership that still runs is looked at when its time is over, and no other.
-- Fails when: somebody keeps what they do not pay for, as the night never comes by.
-- Do: nothing is lost: whoever asks sees the right answer by the clock. Report it.
-- Counts: membership_clock
with last as (
    select distinct on (program_id, membership_id) program_id, member_id, membership_id, state,
           coalesce(wait_until, until_at) as due_at, greatest(fee_minor, told_minor) as known,
           case when state = 'cancelled' or next_plan <> '' then '' else plan end as priced,
           told_minor as told
      from membership_turn order by program_id, membership_id, step desc
), runs as (
    select l.* from last l
      -- Whoever was merged goes with the one they stand under, and is called merged for ever.
      left join member_alias a using (program_id, member_id)
      join member m on m.program_id = l.program_id
                   and m.member_id = coalesce(a.into_id, l.member_id)
     where l.state <> 'ended' and m.state <> 'erased'
)
select program_id, coalesce(r.member_id, c.member_id) as member_id, membership_id, r.state,
       r.due_at, c.look_at, r.known, c.known_minor,
       r.told, c.told_minor
  from runs r
  full join membership_clock c using (program_id, membership_id)
 where (r.due_at, r.known, r.priced, r.told)
       is distinct from (c.look_at, c.known_minor, c.plan, c.told_minor)
