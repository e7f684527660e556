-- I16: Every redemption is booked once when it begins and once when it ends, with just its
--   points.
-- Fails when: a reward was paid twice or not at all.
-- Do: settle the difference with the members named here by an adjustment, and report it.
-- Counts: redemption
--
-- Of one that was captured in part, the rest may be due to what came back while it was reserved: it
-- is taken in one more entry, behind the capture.
with booked as (
    select program_id, member_id, cause_id as redemption_id,
           count(*) filter (where kind = 'hold') as begun,
           count(*) filter (where kind <> 'hold') as ended,
           min(kind) filter (where kind <> 'hold') as ending,
           count(*) filter (where kind = 'void') as let_go
      from entry
     where kind in ('hold', 'capture', 'void', 'lapse')
     group by program_id, member_id, cause_id
), points as (
    select e.program_id, e.member_id, e.cause_id as redemption_id,
           sum(p.amount) filter (where p.account = 3) as held,
           sum(p.amount) filter (where p.account = 12) as redeemed
      from entry e
      join posting p using (program_id, member_id, entry_id)
     where e.kind in ('hold', 'capture', 'void', 'lapse')
     group by e.program_id, e.member_id, e.cause_id
), reserved as (
    select program_id, member_id, redemption_id,
           sum(amount) filter (where state = 'open') as held,
           sum(captured) filter (where state <> 'open') as redeemed
      from hold
     group by program_id, member_id, redemption_id
)
select program_id, member_id, redemption_id, r.state, coalesce(b.begun, 0) as begun,
       coalesce(b.ended, 0) as ended, b.ending,
       coalesce(p.held, 0) as held_booked, coalesce(h.held, 0) as held,
       coalesce(p.redeemed, 0) as redeemed_booked, coalesce(h.redeemed, 0) as redeemed
  from redemption r
  left join booked b using (program_id, member_id, redemption_id)
  left join points p using (program_id, member_id, redemption_id)
  left join reserved h using (program_id, member_id, redemption_id)
 where coalesce(b.begun, 0) <> (h.redemption_id is not null)::int
    or coalesce(b.ended, 0) - case when r.state in ('captured', 'returned')
                                   then least(coalesce(b.let_go, 0), 1) else 0 end
       <> (h.redemption_id is not null and r.state <> 'held')::int
    or b.ending <> case r.state
                   when 'captured' then 'capture' when 'returned' then 'capture' when 'voided' then 'void' else 'lapse' end
    or coalesce(p.held, 0) <> coalesce(h.held, 0)
    or coalesce(p.redeemed, 0) <> coalesce(h.redeemed, 0)
