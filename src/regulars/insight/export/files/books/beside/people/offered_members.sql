-- Who was offered what, and who was held out of it.
-- Table: offer_member
-- Delta: whole
-- offer text: the code of the offer
-- member_id mem: who
-- state text: offered, held, held_out or gone
-- how text: segment, hand, journey, choice or merge
-- offered_at instant: since when
-- until_on day: before which day it is to be used
-- held_at instant?: since when it counts
select o.code as offer, m.member_id, m.state, m.how, m.offered_at, m.until_on, m.held_at
  from offer_member m join offer o using (program_id, offer_id)
 where m.program_id = $1
