-- I56: Whoever was listed to be looked at by the last review of tiers was looked at, unless the night
--   did not end with them.
-- Fails when: somebody reached a tier by waiting, and nights go by without giving it.
-- Do: see in the worker's log whether the night's step `review_tiers` ends, and report it.
-- Counts: tier_clock
select c.program_id, c.member_id, c.look_at, n.done_at
  from tier_clock c
  join (select program_id, max(done_at) as done_at
          from midnight_step where step = 'review_tiers' group by program_id) n using (program_id)
 where c.look_at < n.done_at
   and not exists (select from parked_member k
                    where k.program_id = c.program_id and k.member_id = c.member_id
                      and k.step = 'review_tiers' and k.settled_at is null)
