-- Who had a place on a leaderboard that has something, as it was when its period was closed.
-- Table: board_place
-- Delta: whole
-- member_id mem: the member
-- board text: which one, as in the program file
-- store text: of which store; empty where it is of all of the program
-- began_on int: first day of the period, counted from 1 January of the year 1
-- rank int: the place
-- score int: how much they had
-- prize int: which of the prizes in the program file, from 0
-- units int: how many points, where it is points
-- needs int: so much they must still have, where what comes back takes it
select member_id, board, store, began_on, rank, score, prize, units, needs
  from board_place where program_id = $1
