-- What was used of limits and budgets, or gathered, before the program came here; a budget is nobody's.
select u.member_id, n.name, u.period, u.value, u.opened_at
  from used_before u
  join program_code n on n.program_id = u.program_id and n.kind = 'counter' and n.code = u.counter
 where u.program_id = $1 and u.opened_at < $2
