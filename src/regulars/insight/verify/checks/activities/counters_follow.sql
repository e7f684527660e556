-- I20: What is counted for limits and tiers is exactly what the kept decisions add up to.
-- Fails when: a member is refused points or a tier they earned, or gets what they did not.
-- Do: the trails decide, counters follow from them: `regulars rebuild --repair`. Report it.
-- Counts: counter
-- Fold: sales
--
-- Counts of rewards are checked with the redemptions. Of what rounding keeps for next time only
-- the range is checked: to make it again, all fractions would have to be worked out again.
select program_id, coalesce(a.into_id, c.member_id) as member_id, counter, period,
       sum(value)::bigint as value
  from counter c
  left join member_alias a using (program_id, member_id)
 group by 1, 2, 3, 4
 order by 1, 2
