-- I61: A period of a leaderboard is closed once; whoever had a place that has something has the prize for it, or is
--   looked at for it still, and nobody has such a prize without the place.
-- Fails when: a place was paid twice, to somebody else, otherwise than was decided, or never.
-- Do: settle it by an adjustment, with the reason; report it.
-- Counts: board_place
--
-- Who was merged since is read as whom they stand under. Who is blocked or was erased has nothing yet; nor has who brought
-- so much back before they were paid that they have less than it needs.
with family as (
    select m.program_id, m.member_id, m.state, coalesce(a.into_id, m.member_id) as stands_as
      from member m left join member_alias a using (program_id, member_id)
), paid as (
    select p.*, f.stands_as from prize p join family f using (program_id, member_id)
     where p.game = 'board'
       and not exists (select from came_along c
                        where c.program_id = p.program_id and c.about = p.prize_id)
), decided as (
    select b.*, e.version, f.stands_as, f.state, date '0001-01-01' + (b.began_on - 1) as began
      from board_place b
      join family f using (program_id, member_id)
      left join board_end e using (program_id, board, store, began_on)
), merged as (
    select program_id, from_id as member_id from member_merge
     union select program_id, into_id from member_merge
)
select p.program_id, p.prize_id as id, 'nobody decided it' as wrong
  from paid p
 where not exists (
       select from decided d
        where d.program_id = p.program_id and d.board = p.name and d.store = p.about
          and d.began_on = p.began_on and d.rank = p.place and d.version = p.version
          and d.units = p.units
          and (d.stands_as = p.stands_as
               or exists (select from merged m
                           where m.program_id = p.program_id and m.member_id = p.member_id)))
union all
select d.program_id, d.member_id, 'place ' || d.rank || ' of ' || d.board || ' was never paid'
  from decided d
  join member m on m.program_id = d.program_id and m.member_id = d.stands_as
 where m.state not in ('blocked', 'erased')
   and d.needs <= coalesce((
       select max(n.value)
         from program_code c
         join counter n on n.program_id = c.program_id and n.counter = c.code
                       and n.member_id = d.stands_as
        where c.program_id = d.program_id and c.kind = 'counter'
          and split_part(c.name, ':', 1) = 'board' and split_part(c.name, ':', 2) = d.board
          and split_part(c.name, ':', 5) = d.store
          and n.period = -1 - case split_part(c.name, ':', 4)
              when 'day' then d.began_on
              when 'week' then to_char(d.began, 'IYYYIW')::int
              when 'month' then to_char(d.began, 'YYYYMM')::int
              else to_char(d.began, 'YYYY')::int end), 0)
   and not exists (select from prize p join family f using (program_id, member_id)
                    where p.program_id = d.program_id and p.game = 'board' and p.name = d.board
                      and p.about = d.store and p.began_on = d.began_on and p.place = d.rank
                      and (f.stands_as = d.stands_as
                           or exists (select from merged g where g.program_id = p.program_id
                                        and g.member_id in (p.member_id, d.member_id))))
   and not exists (select from prize_clock c
                    where c.program_id = d.program_id and c.member_id in (d.member_id, d.stands_as))
   and not exists (select from parked_member k
                    where k.program_id = d.program_id and k.member_id in (d.member_id, d.stands_as))
union all
select e.program_id, null, e.board || ' pays ' || e.paid || ' and has ' || count(b.member_id)
  from board_end e left join board_place b using (program_id, board, store, began_on)
 group by e.program_id, e.board, e.store, e.began_on, e.paid
having count(b.member_id) <> e.paid
union all
select d.program_id, d.member_id, 'a place of ' || d.board || ' that was never closed'
  from decided d where d.version is null
