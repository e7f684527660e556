-- What all members together used of a budget, per period.
-- Table: budget
-- Delta: whole
-- Totals: used
-- budget text: name of the budget
-- period int: number of the period
-- used int: how much
select n.name as budget, b.period, b.used
  from budget b
  join program_code n on n.program_id = b.program_id and n.kind = 'counter' and n.code = b.budget
 where b.program_id = $1
