-- I101: Every message of a campaign is of a campaign that was released and of a member there is; once a campaign is over
--   all of them say what became of them, and what was skipped says why.
-- Fails when: a message waits that nobody looks after any more, or somebody is counted who does not exist.
-- Do: report it with the rows named here; nothing of an ended campaign is sent any more.
-- Counts: campaign_message
select m.program_id, m.campaign_id, m.member_id, m.state, 'its campaign is over' as why
  from campaign_message m join campaign c using (program_id, campaign_id)
 where c.state = 'sent' and m.state in ('waiting', 'sending')
union all
select m.program_id, m.campaign_id, m.member_id, m.state, 'its campaign was never released'
  from campaign_message m left join campaign c using (program_id, campaign_id)
 where c.state is null or c.queued_at is null
union all
select m.program_id, m.campaign_id, m.member_id, m.state, 'there is no such member'
  from campaign_message m left join member p using (program_id, member_id)
 where p.member_id is null
union all
select m.program_id, m.campaign_id, m.member_id, m.state, 'it says no reason'
  from campaign_message m where m.state in ('skipped', 'held_out') and m.reason = ''
