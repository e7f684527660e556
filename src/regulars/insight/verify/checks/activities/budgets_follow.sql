-- I20: What is counted for budgets of all members is exactly what the kept decisions add up to, and
--   what was used before it came here.
-- Fails when: a promotion ends too early, or gives more than you meant to spend.
-- Do: the trails decide, budgets follow from them; set the budget to the sum shown and report it.
-- Counts: budget
-- Fold: sales
--
-- Each budget is one row per period.
select program_id, budget, period, sum(used)::bigint as used, sum(before)::bigint as before
  from (select program_id, budget, period, used, 0 as before from budget
        union all
        select program_id, counter, period, 0, value from used_before
         where member_id = '00000000-0000-0000-0000-000000000000') b
 group by program_id, budget, period
 order by program_id, budget, period
