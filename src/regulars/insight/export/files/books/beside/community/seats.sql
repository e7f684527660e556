-- Who has a seat at which gathering, waits for one, or gave it up; and who came.
-- Table: seat
-- Delta: whole
-- gathering text: the code of the gathering
-- seat_id sea: which seat
-- member_id mem: whose
-- line int: in which order they asked
-- state text: held, waiting or given_up
-- asked_at instant: when they asked
-- held_at instant?: since when they have it
-- moved_up bool: whether they had waited for it
-- ended_at instant?: when they gave it up
-- came_at instant?: when they came
-- came_by text?: who said so
-- redemption_id red?: what was reserved for it, where it takes points
-- settled_at instant?: since when that is taken or given back
select g.code as gathering, s.seat_id, coalesce(l.into_id, s.member_id) as member_id, s.line,
       s.state, s.asked_at, s.held_at, s.moved_up, s.ended_at, s.came_at,
       nullif(s.came_by, '') as came_by, s.redemption_id, s.settled_at
  from seat s join gathering g using (program_id, gathering_id)
  left join member_alias l on l.program_id = s.program_id and l.member_id = s.member_id
 where s.program_id = $1
