-- How much of a limit, a tier's credit or a remainder there is, per member and period.
-- Table: counter
-- Delta: members
-- member_id mem: the member
-- counter text: name of the counter
-- period int: number of the period
-- value int: how much
select c.member_id, n.name as counter, c.period, c.value
  from counter c
  join program_code n on n.program_id = c.program_id and n.kind = 'counter' and n.code = c.counter
 where c.program_id = $1
