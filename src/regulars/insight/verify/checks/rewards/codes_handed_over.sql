-- I18: Every redemption that gives a code and was handed over has one, from its day on, and no other
--   has; the code is its member's.
-- Fails when: a member paid for a code and has none, or has one they did not pay for.
-- Do: issue the members named here a code by hand (`regulars codes issue`), and report it.
-- Counts: redemption where terms ->> 'kind' = 'code'
with due as (
    select program_id, redemption_id, member_id, reward, closed_at, state,
           terms ->> 'shelf' <> '' as of_pool
      from redemption
     where terms ->> 'kind' = 'code' and state in ('captured', 'returned')
), handed as (
    select program_id, redemption_id, member_id, reward, code_id, issued_at, state,
           printed <> '' as of_pool
      from reward_code where redemption_id is not null
)
select program_id, redemption_id, d.member_id, h.code_id, d.reward, h.reward as code_reward,
       d.state, h.state as code_state, d.closed_at, h.issued_at
  from due d
  full join handed h using (program_id, redemption_id)
 where d.redemption_id is null or h.redemption_id is null or d.member_id <> h.member_id
    or d.reward <> h.reward or d.of_pool <> h.of_pool or h.state = 'free'
    or (d.state = 'returned' and h.state = 'issued')
    or (d.state = 'captured' and h.issued_at <> d.closed_at)
