-- What members had used of limits, or gathered, when they came here from another installation, and what all together
-- had used of budgets; counters and budgets go on from there.
-- Table: used_before
-- Delta: whole
-- member_id mem?: the member; nothing of a budget
-- counter text: name of the counter
-- period int: number of the period
-- value int: how much
-- import_id uuid: with which import it came
-- opened_at instant: when
select u.member_id, n.name as counter, u.period, u.value, u.import_id, u.opened_at
  from used_before u
  join program_code n on n.program_id = u.program_id and n.kind = 'counter' and n.code = u.counter
 where u.program_id = $1
