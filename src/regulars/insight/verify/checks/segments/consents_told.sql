-- I83: The last event about a member's word on a channel says what stands.
-- Fails when: another system that hears of consent goes on writing to somebody who said no here.
-- Do: have the member say it once more, or tell the other system by hand; report it with the rows named here.
-- Counts: outbox
--
-- Words from before there was such an event, and those an import brought over, have none. Of who became one with
-- somebody else, or stands apart from them again, nothing is said: their words are of two.
with last as (
    select distinct on (program_id, member_id, payload ->> 'channel')
           program_id, member_id, payload ->> 'channel' as channel, payload ->> 'state' as state,
           outbox_id
      from outbox where type = 'consent.changed'
     order by program_id, member_id, payload ->> 'channel', sequence desc, outbox_id desc
)
select l.program_id, l.member_id, l.channel, l.outbox_id, l.state as told, w.state as stands
  from last l
  join member p using (program_id, member_id)
  left join lateral (
       select s.state from consent s
        where s.program_id = l.program_id and s.member_id = l.member_id and s.channel = l.channel
        order by s.changed_at desc limit 1) w on true
 where p.state in ('active', 'unregistered', 'blocked') and w.state is distinct from l.state
   and not exists (select from member_merge g
                    where g.program_id = l.program_id and l.member_id in (g.from_id, g.into_id))
