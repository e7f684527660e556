-- Who took part in draws, with how many tickets, and what they won.
-- Table: draw_entrant
-- Delta: whole
-- draw text: which one, as in the program file
-- place int: their place on the list
-- member_id mem: the member
-- alias text: how they stand on the list
-- tickets int: how many tickets they had
-- won int: the how-manieth prize they won; 0 for none
select draw, place, member_id, alias, tickets, won
  from draw_entrant
 where program_id = $1
