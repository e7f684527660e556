-- I57: A draw keeps to what was announced: the secret has its digest, the list has its digest and is the one that was closed, the
--   tickets add up, and each prize went to one of the list.
-- Fails when: a draw was changed afterwards, or its record does not let anybody check who won.
-- Do: compare with what was published of the draw named here; report it.
-- Counts: draw
with listed as (
    select program_id, draw, sum(tickets) as tickets, max(place) as places, count(*) as entrants,
           count(*) filter (where won > 0) as winners, max(won) as last_prize,
           encode(sha256(convert_to(string_agg(place || ';' || alias || ';' || tickets, e'\n'
                                               order by place), 'UTF8')), 'hex') as digest
      from draw_entrant
     group by program_id, draw
)
select program_id, draw, 'the secret has another digest' as wrong
  from draw
 where commitment <> encode(sha256(convert_to(secret, 'UTF8')), 'hex')
union all
select program_id, draw, 'the list is not the one that was drawn from'
  from draw
  left join listed using (program_id, draw)
 where drawn_at is not null
   and (list_digest is distinct from digest or draw.tickets is distinct from listed.tickets
        or places <> entrants or winners <> last_prize or winners = 0)
union all
select program_id, draw, 'somebody takes part in a draw that was not drawn'
  from listed
  left join draw using (program_id, draw)
 where drawn_at is null
union all
select e.program_id, e.draw, 'a place on the list is another member''s'
  from draw_entrant e
 where alias <> left(encode(sha256(convert_to(
           e.draw || ':mem_' || replace(e.member_id::text, '-', ''), 'UTF8')), 'hex'), 16)
union all
select c.program_id, c.draw, 'the list is not the one that was closed'
  from draw_list c
  left join draw d using (program_id, draw)
 cross join lateral (
       select encode(sha256(convert_to(string_agg(
                  m.place || ';' || left(encode(sha256(convert_to(
                      c.draw || ':mem_' || replace(m.id::text, '-', ''), 'UTF8')), 'hex'), 16)
                  || ';' || m.tickets, e'\n' order by m.place), 'UTF8')), 'hex') as digest
         from unnest(c.members, c.tickets) with ordinality as m (id, tickets, place)) l
 where c.digest <> l.digest or d.draw is null
    or (d.drawn_at is not null and d.list_digest <> c.digest)
