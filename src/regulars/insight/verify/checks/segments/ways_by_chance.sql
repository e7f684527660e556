-- I98: Each member reads a campaign in the way that was drawn for them, and nobody chose it.
-- Fails when: somebody chooses who reads what, so that what each way did is compared wrongly.
-- Do: do not trust what is said of the ways of the campaigns named here; report it.
-- Counts: campaign_message
--
-- Chance is a digest of campaign and member (ADR 0744), apart from the one that holds members out. Who is held out reads
-- nothing, and a campaign that is said in one way has none to draw.
select m.program_id, m.campaign_id, m.member_id, m.variant, d.way
  from campaign_message m
  join campaign c using (program_id, campaign_id)
 cross join lateral (
       select case when m.state <> 'held_out' and jsonb_array_length(c.variants) > 0
                   then ('x' || encode(substring(sha256('way'::bytea || uuid_send(m.campaign_id)
                                                        || uuid_send(m.member_id))
                                                 from 1 for 4), 'hex'))::bit(32)::bigint
                        * (1 + jsonb_array_length(c.variants)) >> 32 end as way) d
 where m.variant is distinct from d.way
