-- I20: What is counted for budgets of all members is exactly what the kept decisions add up to.
-- Fails when: a promotion ends too early, or gives more than you meant to spend.
-- Do: the trails decide, budgets follow from them; set the budget to the sum shown and report it.
-- Counts: budget
-- Fold: sales
--
-- Each budget is one row per period.
select program_id, budget, period, used
  from budget
 order by program_id, budget, period
