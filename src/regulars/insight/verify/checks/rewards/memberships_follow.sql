-- I44: Every membership goes on from where it stood: steps without a gap, terms without a gap, and
--   each payment and refund is counted once.
-- Fails when: somebody has a term that was not paid, or lost one that was.
-- Do: compare the turns named here with what the payment provider shows; what is missing can be
--   told again. Report it.
-- Counts: membership_turn
with turns as (
    select t.*, row_number() over here as place, lag(at) over here as was_at,
           lag(state) over here as was, lag(until_at) over here as was_until,
           lag(wait_until) over here as was_wait, lag(paid_minor) over here as was_paid,
           lag(from_at) over here as was_from, sum(amount_minor) over here as in_all,
           lag(units_back) over here as was_back, lag(plan) over here as was_plan,
           lag(next_plan) over here as was_next, lag(member_id) over here as was_of
      from membership_turn t
    window here as (partition by program_id, membership_id order by step)
)
select program_id, member_id, membership_id, step, what, state, was, until_at,
       'it does not follow from the step before' as wrong
  from turns
 where step <> place or (what = 'started') <> (place = 1) or was_of <> member_id
    or (was = 'ended' and not (what = 'refunded' and state = 'ended') and what <> 'restored'
        and at >= was_at)
    or (what = 'paid' and (from_at <> was_until or until_at <= was_until or state <> 'active'
                           or was in ('paused', 'cancelled')
                           or plan <> coalesce(nullif(was_next, ''), was_plan)
                           or amount_minor <> gross_minor or paid_minor <> gross_minor))
    or (what = 'refunded' and from_at <> was_from
        and (was_from <= at or amount_minor <> -was_paid or until_at <> was_from))
    -- Money of a term that is over leaves the one that runs as it is.
    or (what = 'refunded' and paid_minor = was_paid and from_at = was_from
        and (amount_minor >= 0 or in_all < 0 or state <> was or units_back <> was_back
             or until_at <> was_until))
    or (what = 'refunded' and from_at = was_from and paid_minor <> was_paid
                          and (amount_minor >= 0 or paid_minor <> was_paid + amount_minor
                               or units_back < was_back or (paid_minor = 0 and state <> 'ended')
                               or (paid_minor > 0 and state = 'ended' and was <> 'ended')))
    -- A refund that did not arrive: its money is paid again, or a term that it took is there again.
    or (what = 'restored' and (amount_minor <= 0 or (from_at = was_from
                               and paid_minor not in (was_paid, was_paid + amount_minor))))
    or (what in ('failed', 'told', 'past_due', 'ended', 'cancelled', 'paused')
        and (until_at <> was_until or paid_minor <> was_paid)
        and not (what = 'cancelled' and was = 'paused' and state = 'cancelled'
                 and until_at - from_at = was_until - was_from and paid_minor = was_paid))
    or (what = 'past_due' and (at <> was_until or was not in ('trial', 'active')))
    or (what = 'ended' and at <> coalesce(was_wait, was_until))
    or (what = 'resumed' and was not in ('paused', 'cancelled') and at >= was_at)
    or (what not in ('paid', 'changed') and plan <> was_plan
        and not (what in ('refunded', 'restored') and from_at <> was_from))
union all
select t.program_id, t.member_id, t.membership_id, t.step, t.what, t.state, null, t.until_at,
       'its points were not booked'
  from membership_turn t
 where (t.entry_id is not null or (t.what in ('paid', 'started') and t.units > 0))
   and not exists (select from entry e
                    where e.program_id = t.program_id and e.entry_id = t.entry_id
                      and e.kind = 'adjust')
