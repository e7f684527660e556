-- I62: A bill is paid once, with what it comes to: its lines, less discounts and the rewards that were handed over for it.
-- Fails when: a bill counts as paid for less or more, twice, or not at all.
-- Do: look at the bill and its payments named here, and settle the difference by hand.
-- Counts: bill
--
-- A reward that came back with a return later was handed over when the bill was paid. Together
-- nothing takes off more than there is, whatever comes first; so one sum is enough.
with line as (
    select b.program_id, b.bill_id,
           sum((one ->> 'quantity')::numeric * (one ->> 'price_minor')::numeric) as gross
      from bill b, jsonb_array_elements(b.body -> 'lines') as l (one) group by 1, 2
), gross as (
    select b.program_id, b.bill_id, b.state, b.body, coalesce(l.gross, 0) as gross
      from bill b left join line l using (program_id, bill_id)
), discount as (
    select g.program_id, g.bill_id,
           case when one ? 'percent_hundredths'
                then div(g.gross * (one ->> 'percent_hundredths')::numeric, 10000)
                else coalesce((one ->> 'amount_minor')::numeric, 0) end as minor
      from gross g, jsonb_array_elements(g.body -> 'discounts') as d (one)
), handed as (
    select g.program_id, g.bill_id, g.gross, r.terms, r.terms -> 'told' as told
      from gross g
      join bill_reward f using (program_id, bill_id)
      join redemption r using (program_id, redemption_id)
     where r.state in ('captured', 'returned')
), reward as (
    select program_id, bill_id,
           case when coalesce(terms ->> 'kind', 'item') <> 'discount'
                then (terms ->> 'worth_minor')::numeric
                when coalesce((told ->> 'from_minor')::numeric, 0) > gross then 0
                when told ? 'percent'
                then least(div(gross * (told ->> 'percent')::numeric, 100),
                           (told ->> 'at_most_minor')::numeric)
                else coalesce((told ->> 'off_minor')::numeric, 0) end as minor
      from handed
), taken_off as (
    select program_id, bill_id, sum(minor) as minor
      from (select * from discount union all select * from reward) every_one group by 1, 2
), paid as (
    select program_id, bill_id, sum(amount_minor) as minor
      from bill_payment where state = 'completed' group by 1, 2
)
select g.program_id, g.bill_id,
       greatest(g.gross - coalesce(o.minor, 0), 0) as due_minor, coalesce(p.minor, 0) as paid_minor
  from gross g
  left join taken_off o using (program_id, bill_id)
  left join paid p using (program_id, bill_id)
 where coalesce(p.minor, 0) <> case when g.state = 'paid'
                                    then greatest(g.gross - coalesce(o.minor, 0), 0) else 0 end
