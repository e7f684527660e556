-- I15: An end is changed only by an entry that says so, and no more lives again than had lapsed.
-- Fails when: points live longer and nobody decided it, or the same points came back twice.
-- Do: find out who changed the lots named here, and settle them by an adjustment; report it.
-- Counts: entry where kind in ('extend', 'postpone', 'reinstate')
--
-- Two kinds of entries move an end: a courtesy, and a notice that nobody was shown in time.
with moves as (
    select program_id, member_id, lot_id, entry_id, from_at, to_at
      from courtesy
     where kind = 'extend'
    union all
    select program_id, member_id, lot_id, entry_id, from_at, to_at from postponement
), chain as (
    select program_id, member_id, lot_id, entry_id, from_at, to_at,
           lead(from_at) over (partition by program_id, member_id, lot_id
                               order by from_at) as next_from
      from moves
), again as (
    select program_id, member_id, lot_id, sum(points) as points
      from courtesy
     where kind = 'reinstate'
     group by program_id, member_id, lot_id
), lapsed as (
    select m.program_id, m.member_id, m.lot_id, -sum(m.delta) as points
      from lot_move m
      join entry e using (program_id, member_id, entry_id)
     where e.kind = 'expire'
     group by m.program_id, m.member_id, m.lot_id
)
select program_id, member_id, lot_id, entry_id, from_at, to_at, 'not later' as wrong
  from moves
 where to_at <= from_at
union all
select c.program_id, c.member_id, c.lot_id, c.entry_id, c.from_at, c.to_at, 'another end'
  from chain c
  left join lot l using (program_id, member_id, lot_id)
 where coalesce(c.next_from, l.expires_at) is distinct from c.to_at
union all
select program_id, member_id, lot_id, null, null, null, 'more lives again than had lapsed'
  from again a
  left join lapsed d using (program_id, member_id, lot_id)
 where a.points > coalesce(d.points, 0)
union all
select program_id, member_id, null, entry_id, null, null, 'entry without courtesy'
  from entry e
 where e.kind in ('extend', 'reinstate')
   and not exists (select from courtesy c
                    where c.program_id = e.program_id and c.member_id = e.member_id
                      and c.entry_id = e.entry_id
                      and (c.kind = e.kind or (c.kind = 'spare' and e.kind = 'extend')))
union all
select program_id, member_id, lot_id, entry_id, null, null, 'courtesy without entry'
  from courtesy c
 where not exists (select from entry e
                    where e.program_id = c.program_id and e.member_id = c.member_id
                      and e.entry_id = c.entry_id
                      and (e.kind = c.kind or (c.kind = 'spare' and e.kind = 'extend')))
union all
select program_id, member_id, lot_id, entry_id, from_at, to_at, 'spared until before it would lapse'
  from courtesy
 where kind = 'spare' and to_at <= from_at
