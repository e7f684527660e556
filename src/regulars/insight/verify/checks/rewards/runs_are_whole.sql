-- I18: Every run of codes has just as many codes as it says, each of its reward.
-- Fails when: vouchers were printed that no till knows, or a pool lost some.
-- Do: issue what is missing anew (`regulars codes issue`), and report it.
-- Counts: code_run
with there as (
    select program_id, run_id, count(*) as codes, min(reward) as reward, max(reward) as other
      from reward_code where run_id is not null
     group by 1, 2
)
select program_id, run_id, r.kind, r.reward, r.times, coalesce(t.codes, 0) as codes
  from code_run r
  full join there t using (program_id, run_id)
 where r.run_id is null or r.times <> coalesce(t.codes, 0) or t.reward <> r.reward
    or t.other <> r.reward
