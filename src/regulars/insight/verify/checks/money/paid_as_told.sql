-- I74: What points and gift balances paid of a sale is what they were promised to pay, in the
--   currency in which the sale was told.
-- Fails when: a payment in one currency pays for a sale in another, or pays more than it took
--   points for.
-- Do: compare the sale named here with its redemption; settle the difference by an adjustment and
--   report it as a bug.
-- Counts: redemption where paid_for is not null
--
-- What was brought over from another system names no redemption of ours.
with paid as (
    select r.program_id, r.member_id, r.redemption_id, r.paid_for,
           coalesce(r.terms ->> 'currency', '') as promised_in,
           coalesce(a.body -> 'paid_in' ->> 'currency', '') as paid_in,
           case when r.terms ->> 'kind' in ('payment', 'stored_value')
                then coalesce(nullif((r.terms ->> 'value_minor')::bigint, 0),
                              (r.terms ->> 'worth_minor')::bigint) end as promised,
           p.place,
           coalesce((a.body -> 'paid_in' -> 'payments' ->> (p.place::int - 1))::bigint,
                    (p.payment ->> 'amount_minor')::bigint) as paid
      from redemption r
      join activity a on a.program_id = r.program_id and a.activity_id = r.paid_for
      left join jsonb_array_elements(a.body -> 'payments') with ordinality as p (payment, place)
             on (p.payment ->> 'redemption')::uuid = r.redemption_id
     where r.paid_for is not null
)
select program_id, member_id, redemption_id, paid_for, promised_in, paid_in, promised, paid
  from paid
 where promised_in <> paid_in or (place is not null and promised <> paid)
