-- I108: What a seat takes is reserved for as long as somebody has it or waits for it, once, and for
--   nobody else any more; then it is spent by who has the seat, and given back to who waits.
-- Fails when: somebody has a seat that nobody paid for, or pays for one they have not.
-- Do: report it with the seat named here; give the seat up in the console, or void what is reserved.
-- Counts: seat
select s.program_id, s.gathering_id, s.seat_id, s.redemption_id, s.state, r.state as reserved
  from seat s
  left join redemption r on r.program_id = s.program_id and r.redemption_id = s.redemption_id
  left join gathering g on g.program_id = s.program_id and g.gathering_id = s.gathering_id
  left join member m on m.program_id = s.program_id and m.member_id = s.member_id
 where s.redemption_id is not null and m.state is distinct from 'erased'
   and (r.state is null
        or (s.settled_at is null and s.state <> 'given_up' and r.state <> 'held')
        or (s.settled_at is not null and r.state = 'held')
        or (s.settled_at is not null and s.state = 'held' and g.state = 'open'
            and r.state = 'voided')
        or (s.settled_at is not null and s.state <> 'given_up'
            and (s.state = 'waiting' or g.state = 'cancelled') and r.state = 'captured'))
union all
select program_id, min(gathering_id::text)::uuid, null, redemption_id, null, 'twice'
  from seat where redemption_id is not null group by program_id, redemption_id having count(*) > 1
