-- I57: What a draw gave its winners stands in the books as it says, once; nothing was given in the
--   name of a draw that nobody won, no winner was left out, and each was told once.
-- Fails when: a prize was booked twice, otherwise than it says or to nobody who won, or is lost.
-- Do: settle the difference with the members named here by an adjustment, and report it.
-- Counts: draw_prize
--
-- Who was merged since is read as whom they stand under.
with booked as (
    select e.program_id, e.entry_id as id, e.member_id, -sum(p.amount) as units, '' as reward
      from entry e
      join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                    and p.entry_id = e.entry_id and p.account = 14
     where e.kind = 'adjust' and e.actor = 'draw'
     group by 1, 2, 3
    union all
    select program_id, redemption_id, member_id, 0, reward
      from redemption
     where actor = 'draw'
), given as (
    select program_id, draw, won, member_id, units, reward,
           coalesce(entry_id, redemption_id) as id
      from draw_prize where state = 'given'
), told as (
    select program_id, payload ->> 'draw' as draw, (payload ->> 'prize')::int as won,
           count(*) as times
      from outbox where type = 'draw.won'
     group by 1, 2, 3
)
select g.program_id, g.draw, g.won, g.id, 'booked otherwise than it says' as wrong
  from given g
  left join booked b using (program_id, id)
 where b.id is null or b.member_id <> g.member_id or b.units <> g.units or b.reward <> g.reward
union all
select b.program_id, null, null, b.id, 'belongs to ' || count(g.id) || ' prizes'
  from booked b
  left join given g using (program_id, id)
 group by b.program_id, b.id
having count(g.id) <> 1
union all
select p.program_id, p.draw, p.won, null, 'nobody on the list has won it'
  from draw_prize p
  left join draw_entrant e using (program_id, draw, won)
  left join member_alias n on n.program_id = e.program_id and n.member_id = e.member_id
 where e.member_id is null
    or (p.member_id not in (e.member_id, coalesce(n.into_id, e.member_id))
        and not exists (select from member_merge g
                         where g.program_id = p.program_id
                           and p.member_id in (g.from_id, g.into_id)))
union all
select e.program_id, e.draw, e.won, null, 'nothing was booked for it'
  from draw_entrant e
  left join draw_prize p using (program_id, draw, won)
 where e.won > 0 and p.won is null
   and exists (select from draw_prize o
                where o.program_id = e.program_id and o.draw = e.draw)
union all
select program_id, draw, won, g.id, 'told ' || coalesce(t.times, 0) || ' times'
  from given g
  full join told t using (program_id, draw, won)
 where coalesce(t.times, 0) <> (g.id is not null)::int
