-- Whom campaigns were written to, by which way, and whom not and why.
-- Table: campaign_message
-- Delta: whole
-- campaign text: the code of the campaign
-- member_id mem: whom it was meant for
-- channel text: by which way
-- state text: waiting, sending, sent, unknown, skipped or held_out
-- reason text?: why it was skipped, or by which draw held out
-- returned text?: hard or complaint, where it came back
-- settled_at instant?: when it was over
select c.code as campaign, coalesce(l.into_id, m.member_id) as member_id,
       coalesce(nullif(m.channel, ''), c.channel) as channel, m.state,
       nullif(m.reason, '') as reason, m.returned, m.settled_at
  from campaign_message m join campaign c using (program_id, campaign_id)
  left join member_alias l on l.program_id = m.program_id and l.member_id = m.member_id
 where m.program_id = $1 and c.journey_id is null
   and not exists (select from erasure x
                    where x.program_id = m.program_id and x.member_id = m.member_id)
