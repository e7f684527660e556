-- Choices: among which offers one was chosen for each member of a segment.
-- Table: offer_choice
-- Delta: whole
-- code text: its code
-- name text: what it is called
-- segment text?: the code of its segment, while that is there
-- offers json: the codes of the offers, in their order
-- nothing int: 1 where nothing is chosen among, too, as the first
-- explore_percent int: of a hundred so many are chosen by chance alone
-- days int: what is spent in so many days is what a choice brought
-- state text: draft, open or closed
-- made_at instant: when it was begun
-- made_by text: by whom
-- opened_at instant?: when it was opened
-- closed_at instant?: from when on nobody new was chosen for
select c.code, c.name, s.code as segment,
       (select jsonb_agg(o.code order by u.place)
          from unnest(c.offers) with ordinality as u (offer_id, place)
          join offer o on o.program_id = c.program_id and o.offer_id = u.offer_id) as offers,
       c.nothing::int as nothing, c.explore_percent, c.days, c.state, c.made_at, c.made_by,
       c.opened_at, c.closed_at
  from offer_choice c left join segment s using (program_id, segment_id)
 where c.program_id = $1
