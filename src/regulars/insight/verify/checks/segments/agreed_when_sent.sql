-- I100: Nobody was sent a message of a campaign after they had said no to its channel.
-- Fails when: somebody is written to against their word, which the law forbids.
-- Do: stop the campaign, and report it with the rows named here; the last word a member said before their message was
--   taken to be sent is named beside it.
-- Counts: campaign_message
--
-- What counts is what was known when it was taken. Of who became one with somebody else, or stands apart from them
-- again, nothing is said: their words are of two.
select m.program_id, m.campaign_id, m.member_id, m.state, m.taken_at, w.state as said
  from campaign_message m
  join campaign c using (program_id, campaign_id)
  join member p using (program_id, member_id)
  left join lateral (
       select s.state from consent s
        where s.program_id = m.program_id and s.member_id = m.member_id and s.channel = coalesce(nullif(m.channel, ''), c.channel)
          and s.recorded_at <= m.taken_at
        order by s.changed_at desc limit 1) w on true
 where m.state in ('sent', 'unknown') and p.state = 'active' and w.state is distinct from 'given'
   and not exists (select from member_merge g
                    where g.program_id = m.program_id and m.member_id in (g.from_id, g.into_id))
