-- I28: Points that change hands keep their origin, their age and their end.
-- Fails when: somebody made points live longer by handing them round.
-- Do: look up the lots of the cause named here; set right what lives too long by an adjustment, and
--   report it as a bug.
-- Counts: lot_move
--
-- What pays a debt on its way opens no lot. A lot whose end moved later is judged by the end it had
-- when it was handed over; what waited for a word then had none yet.
with moving as (
    select program_id, member_id, entry_id, cause_id
      from entry
     where kind in ('transfer', 'pool', 'merge', 'unmerge')
), sides as (
    select e.program_id, e.cause_id, e.entry_id, l.member_id, l.lot_id, l.wallet,
           l.cause_id as origin, l.version, l.earned_at,
           case when l.cancels_at is null then l.expires_at
                else timestamptz '9999-12-31 00:00+00' end as expires_at,
           l.amount as got, 0 as gave
      from moving e
      join lot l using (program_id, member_id, entry_id)
    union all
    select e.program_id, e.cause_id, e.entry_id, l.member_id, l.lot_id, l.wallet,
           l.cause_id, l.version, l.earned_at, l.expires_at, 0, -m.delta
      from moving e
      join lot_move m using (program_id, member_id, entry_id)
      join lot l using (program_id, member_id, wallet, lot_id)
), moves as (
    select program_id, member_id, lot_id, entry_id, from_at from courtesy where kind = 'extend'
    union all
    select program_id, member_id, lot_id, entry_id, from_at from postponement
), first_ends as (
    select distinct on (s.program_id, s.entry_id, s.lot_id) s.program_id, s.entry_id, s.lot_id,
           c.from_at
      from sides s
      join moves c on c.program_id = s.program_id and c.member_id = s.member_id
                  and c.lot_id = s.lot_id and c.entry_id > s.entry_id
     order by s.program_id, s.entry_id, s.lot_id, c.entry_id
), lives as (
    select program_id, cause_id, wallet, origin, version, earned_at,
           coalesce(f.from_at, s.expires_at) as ends, sum(got) as got, sum(gave) as gave
      from sides s
      left join first_ends f using (program_id, entry_id, lot_id)
     group by 1, 2, 3, 4, 5, 6, 7
), paid as (
    select e.program_id, e.cause_id, p.wallet, sum(p.amount) as points
      from moving e
      join posting p using (program_id, member_id, entry_id)
     where p.account = 4
     group by 1, 2, 3
), short as (
    select program_id, cause_id, wallet, sum(gave - got) as points
      from lives
     group by 1, 2, 3
)
select program_id, cause_id, wallet, origin, ends, gave, got
  from lives
 where got > gave
union all
select program_id, cause_id, wallet, null, null, s.points, coalesce(p.points, 0)
  from short s
  left join paid p using (program_id, cause_id, wallet)
 where s.points <> coalesce(p.points, 0)
