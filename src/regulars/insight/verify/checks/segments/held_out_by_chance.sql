-- I102: Whoever is held out of a campaign is held out by the chance that was drawn for it, and nobody else is.
-- Fails when: somebody chooses who is held out, so that what a campaign did is counted wrong.
-- Do: do not trust what is said of the effect of the campaigns named here; report it.
-- Counts: campaign_message
--
-- Chance is a digest of campaign and member (ADR 0732), of a journey's messages of journey and member (ADR 0745): the
-- same whenever it is asked.
with drawn as (
    select m.program_id, m.campaign_id, m.member_id, m.state, m.reason, c.holds_out and
           ('x' || encode(substring(sha256(uuid_send(coalesce(c.journey_id, m.campaign_id))
                                           || uuid_send(m.member_id))
                                    from 1 for 4), 'hex'))::bit(32)::bigint * 100 >> 32
           < c.held_percent as out_of_it
      from campaign_message m join campaign c using (program_id, campaign_id)
)
select program_id, campaign_id, member_id, state, reason, out_of_it
  from drawn
 where (state = 'held_out' and reason = 'here' and not out_of_it)
    or (state <> 'held_out' and out_of_it)
