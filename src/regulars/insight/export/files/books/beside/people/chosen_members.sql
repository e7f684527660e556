-- Which offer was chosen for whom, and with which chance.
-- Table: offer_choice_made
-- Delta: whole
-- choice text: the code of the choice
-- member_id mem: who
-- offer text?: the code of what was chosen; nothing where that was nothing
-- best int?: the place of what was expected to bring most, nothing among them the first; from 0
-- chance int: of 100 for each of what was chosen among
-- cell int: how lately, how often and how much they bought: 321; 0 for nothing in a year
-- chosen_on day: since when it counts
select c.code as choice, m.member_id, o.code as offer, m.best, m.chance, m.cell, m.chosen_on
  from offer_choice_made m
  join offer_choice c using (program_id, choice_id)
  left join offer o on o.program_id = c.program_id
   and o.offer_id = c.offers[m.arm + 1 - c.nothing::int]
 where m.program_id = $1
