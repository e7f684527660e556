-- I100: Each settlement with a partner begins where the one before ended, and comes to what its lines come to.
-- Fails when: a partner pays a line twice, or one that is in no file.
-- Do: send the partner none of the settlements named here; settle anew once the account is clear, and report it.
-- Counts: partner_settlement
with chain as (
    select s.*, row_number() over here as place, coalesce(lag(to_step) over here, 0) as was_step,
           coalesce(lag(closing_minor) over here, 0) as was, lag(until_at) over here as was_until
      from partner_settlement s
    window here as (partition by program_id, partner_id order by number)
), lines as (
    select s.program_id, s.settlement_id, count(e.step) as lines,
           coalesce(sum(e.amount_minor) filter (where e.kind = 'payment'), 0) as payments,
           coalesce(sum(e.amount_minor) filter (where e.kind = 'accrual'), 0) as accruals,
           coalesce(sum(e.amount_minor) filter (where e.kind = 'redemption'), 0) as redemptions,
           coalesce(sum(e.amount_minor) filter (where e.kind = 'return'), 0) as returns,
           coalesce(sum(e.amount_minor) filter (where e.kind = 'correction'), 0) as corrections,
           max(e.booked_at) as last_at,
           (array_agg(e.balance_minor order by e.step desc))[1] as balance
      from partner_settlement s
      left join partner_entry e on e.program_id = s.program_id and e.partner_id = s.partner_id
                               and e.step > s.after_step and e.step <= s.to_step
     group by s.program_id, s.settlement_id
)
select program_id, partner_id, number, settlement_id, 'it does not follow from the one before' as wrong
  from chain
 where number <> place or after_step <> was_step or opening_minor <> was
    or from_at is distinct from was_until
union all
select s.program_id, s.partner_id, s.number, s.settlement_id, 'its lines come to something else'
  from partner_settlement s
  join lines l using (program_id, settlement_id)
 where l.lines <> s.to_step - s.after_step or l.payments <> s.payments_minor
    or l.accruals <> s.accruals_minor or l.redemptions <> s.redemptions_minor
    or l.returns <> s.returns_minor or l.corrections <> s.corrections_minor
    or l.last_at >= s.until_at or l.balance <> s.closing_minor
