-- I103: Whoever is held out of an offer is held out by the chance that was drawn for it, nobody else is, and no more members have it than were counted.
-- Fails when: somebody chooses who is held out, or more members were promised it than may have it.
-- Do: do not trust what is said of the effect of the offers named here; report it.
-- Counts: offer_member
--
-- Chance is a digest of offer and member, as of campaigns (ADR 0732). What is given by hand, or came
-- with somebody who was merged, is not drawn.
with drawn as (
    select m.program_id, m.offer_id, m.member_id, m.state, m.why, o.holds_out and
           ('x' || encode(substring(sha256(uuid_send(m.offer_id) || uuid_send(m.member_id))
                                    from 1 for 4), 'hex'))::bit(32)::bigint * 100 >> 32
           < o.held_percent as out_of_it
      from offer_member m join offer o using (program_id, offer_id)
     where m.how = 'segment'
)
select program_id, offer_id, member_id, state
  from drawn
 where (state = 'held_out' and why = 'here' and not out_of_it)
    or (state in ('offered', 'held') and out_of_it)
union all
select o.program_id, o.offer_id, null, 'given'
  from offer o
 where o.given <> (select count(*) from offer_member m
                    where m.program_id = o.program_id and m.offer_id = o.offer_id
                      and m.state <> 'held_out' and m.how <> 'merge')
