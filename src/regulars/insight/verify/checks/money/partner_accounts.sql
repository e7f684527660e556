-- I53: The account with each partner adds up line by line, each line has its other side with the
--   member, and no more comes back than was booked.
-- Fails when: a partner pays for points that nobody got, or a statement does not add up.
-- Do: send the partner no statement until the lines named here are clear; correct them by a dispute
--   that is granted, and report it.
-- Counts: partner_entry
with lines as (
    select e.*, row_number() over here as place,
           coalesce(lag(balance_minor) over here, 0) as was, lag(booked_at) over here as was_at
      from partner_entry e
    window here as (partition by program_id, partner_id order by step)
), sides as (
    select l.program_id, l.entry_id, sum(p.amount) as points
      from partner_entry l
      join entry e on e.program_id = l.program_id and e.entry_id = l.points_entry
                  and e.kind = 'adjust'
      join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                    and p.entry_id = e.entry_id and p.account = 14 and p.wallet = l.wallet
     group by l.program_id, l.entry_id
), back as (
    select program_id, reverses as entry_id, sum(units) as units, sum(amount_minor) as amount_minor
      from partner_entry where reverses is not null group by 1, 2
)
select program_id, partner_id, step, entry_id, kind, amount_minor, balance_minor,
       'it does not follow from the line before' as wrong
  from lines
 where step <> place or balance_minor <> was + amount_minor or booked_at < was_at
    or (kind = 'payment') <> (account = 'paid')
    or (kind = 'accrual' and (account <> 'sold' or amount_minor > 0 or units <= 0))
    or (kind = 'redemption' and (account <> 'owed' or amount_minor < 0 or units >= 0))
    or (kind in ('return', 'correction')) <> (reverses is not null)
union all
select l.program_id, l.partner_id, l.step, l.entry_id, l.kind, l.moved, -s.points,
       'its other side with the member is another'
  from partner_entry l
  left join sides s using (program_id, entry_id)
 where l.moved <> coalesce(-s.points, 0)
    or (l.kind in ('accrual', 'redemption') and l.moved <> l.units)
    or abs(l.moved) > abs(l.units)
union all
select b.program_id, l.partner_id, l.step, b.entry_id, l.kind, b.amount_minor, l.amount_minor,
       'more came back than was booked'
  from back b
  left join partner_entry l using (program_id, entry_id)
 where l.entry_id is null or sign(b.units) * sign(l.units) > 0 or abs(b.units) > abs(l.units)
    or abs(b.amount_minor) > abs(l.amount_minor)
    or (abs(b.units) = abs(l.units) and b.amount_minor <> -l.amount_minor)
