-- I62: What is kept beside the books about connected tills names what is there: payments and rewards their bill, stores what was booked there, promotions their rule.
-- Fails when: a payment or a reward hangs in the air, or a promotion is shown as live that gives nothing.
-- Do: restore what is missing from a backup; cancel a promotion that has no rule and make it anew.
-- Counts: bill_reward
select f.program_id, f.redemption_id::text as id, 'a reward is for a bill that is not there' as wrong
  from bill_reward f
  left join bill b using (program_id, bill_id)
 where b.bill_id is null
union all
select f.program_id, f.redemption_id::text, 'a bill has a reward that is not there'
  from bill_reward f
  left join redemption r using (program_id, redemption_id)
 where r.redemption_id is null
union all
select p.program_id, p.payment_id::text, 'a payment is of a bill that is not there'
  from bill_payment p
  left join bill b using (program_id, bill_id)
 where b.bill_id is null and p.bill_id <> '00000000-0000-0000-0000-000000000000'
union all
select r.program_id, r.refund_id::text, 'more of a payment was given back than was paid'
  from bill_refund r
  left join bill_payment p using (program_id, payment_id)
 where p.payment_id is null or p.state <> 'completed' or p.bill_id <> r.bill_id
    or p.amount_minor < (select sum(o.amount_minor) from bill_refund o
                          where o.program_id = r.program_id and o.payment_id = r.payment_id)
union all
select p.program_id, p.cause_id::text, 'nothing was booked where a store is named for it'
  from entry_place p
  left join entry e using (program_id, member_id, cause_id, kind)
 where e.entry_id is null
union all
select p.program_id, p.promotion_id, 'no version of the program had its rule'
  from promotion p
 where not exists (select from jsonb_to_recordset($1::jsonb -> 'promoted')
                            as r (program_id integer, rule text)
                    where r.program_id = p.program_id and r.rule = p.promotion_id)
