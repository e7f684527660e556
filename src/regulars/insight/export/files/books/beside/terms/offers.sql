-- Offers: what was promised to some members, and until when.
-- Table: offer
-- Delta: whole
-- code text: its code; its rule or reward is called offer-<code>
-- name text: what it is called
-- gives json: what it gives
-- says json: by language what its members read
-- segment text?: the code of its segment, while that is there
-- activating int: 1 where its member has to activate it
-- days int?: so many days for each member
-- ends_on day?: it ended for everybody when this day began
-- budget text?: points for all members together
-- most int: so many members had it at most
-- held_percent int: so many of a hundred were not given it
-- state text: draft, open or closed
-- made_at instant: when it was begun
-- made_by text: by whom
-- opened_at instant?: when it was promised
-- opened_by text?: by whom
-- closed_at instant?: from when on nobody new had it
select o.code, o.name, o.gives, o.says, s.code as segment, o.activating::int as activating, o.days,
       o.ends_on, o.budget, o.most, o.held_percent, o.state, o.made_at, o.made_by, o.opened_at,
       o.opened_by, o.closed_at
  from offer o left join segment s using (program_id, segment_id)
 where o.program_id = $1
