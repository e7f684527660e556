-- I20: What is counted for limits and tiers is exactly what the kept decisions add up to, and what
--   was counted before it came here.
-- Fails when: a member is refused points or a tier they earned, or gets what they did not.
-- Do: the trails decide, counters follow from them: `regulars rebuild --repair`. Report it.
-- Counts: counter
-- Fold: sales
--
-- Counts of rewards are checked with the redemptions. Of what rounding keeps for next time only
-- the range is checked: `regulars rebuild` works all fractions out again and compares them.
select program_id, coalesce(a.into_id, c.member_id) as member_id, counter, period,
       sum(value)::bigint as value, sum(before)::bigint as before
  from (select program_id, member_id, counter, period, value, 0 as before from counter
        union all
        select program_id, member_id, counter, period, 0, value from used_before
         where member_id <> '00000000-0000-0000-0000-000000000000') c
  left join member_alias a using (program_id, member_id)
 group by 1, 2, 3, 4
 order by 1, 2
