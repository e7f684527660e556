-- I106: At no gathering more members have a seat than there are, nobody waits while one is free,
--   and whoever came had one.
-- Fails when: somebody stands at the door with a seat that somebody else has, or waits for nothing.
-- Do: report it with the gathering named here; make as many seats as are taken.
-- Counts: seat
select g.program_id, g.gathering_id, g.code, g.capacity, s.held, s.waiting,
       case when s.held > g.capacity then 'more than there are'
            when s.stray > 0 then 'came without one' else 'waits while one is free' end as wrong
  from gathering g
  join (select program_id, gathering_id, count(*) filter (where state = 'held') as held,
               count(*) filter (where state = 'waiting') as waiting,
               count(*) filter (where came_at is not null and state <> 'held') as stray
          from seat group by 1, 2) s using (program_id, gathering_id)
 where s.held > g.capacity or s.stray > 0
    or (g.state = 'open' and s.waiting > 0 and s.held < g.capacity)
union all
select s.program_id, s.gathering_id, null, null, null, null, 'at no gathering'
  from seat s left join gathering g using (program_id, gathering_id)
 where g.gathering_id is null
