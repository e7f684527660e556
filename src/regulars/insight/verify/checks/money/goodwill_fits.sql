-- I34: What staff gave by hand is in the books as much as it counts on their budgets.
-- Fails when: a budget counts another sum than was given of it, or something that staff gave or took by hand is not booked as it was written down.
-- Do: look at what staff did (`What was done` in the console) beside the entries named here.
-- Counts: staff_act where did = 'points.adjusted'
with said as (
    select a.program_id, a.staff_id, a.act_id, a.after ->> 'wallet' as wallet,
           (a.after ->> 'units')::bigint as units, (a.after ->> 'entry')::uuid as entry_id,
           a.after ? 'request' or exists (
               select from adjustment_round r
                where r.program_id = a.program_id and r.decided_by is not null
                  and r.round_id = (a.after ->> 'round')::uuid) as granted
      from staff_act a where a.did = 'points.adjusted'
)
select s.program_id, s.act_id as about, s.units, 'it is not booked like this' as wrong
  from said s
  join program_code c on c.program_id = s.program_id and c.kind = 'wallet' and c.name = s.wallet
 where not exists (select from posting p
                    where p.program_id = s.program_id and p.entry_id = s.entry_id
                      and p.wallet = c.code and p.account = 14 and p.amount = -s.units)
union all
select coalesce(b.program_id, g.program_id), coalesce(b.staff_id, g.staff_id),
       coalesce(b.given, 0) - coalesce(g.given, 0), 'the budget counts another sum'
  from (select program_id, staff_id, wallet, sum(given)::bigint as given
          from goodwill group by 1, 2, 3) b
  full join (select program_id, staff_id, wallet, sum(units)::bigint as given
               from said where units > 0 and not granted group by 1, 2, 3) g
    on g.program_id = b.program_id and g.staff_id = b.staff_id and g.wallet = b.wallet
 where coalesce(b.given, 0) <> coalesce(g.given, 0)
