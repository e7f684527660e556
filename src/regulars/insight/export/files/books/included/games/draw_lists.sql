-- Lists of draws that were closed before anybody knew the words: who takes part, by draw and place.
-- Table: draw_list
-- Delta: whole
-- draw text: which one, as in the program file
-- closed_at instant: when the list was closed
-- closed_by text: by whom
-- digest text: SHA-256 of the list
-- place int: a place on the list
-- member_id mem: the member
-- tickets int: how many tickets they have
select c.draw, c.closed_at, c.closed_by, c.digest, m.place::int as place, m.member_id, m.tickets
  from draw_list c
 cross join lateral unnest(c.members, c.tickets) with ordinality as m (member_id, tickets, place)
 where c.program_id = $1
