-- Periods of leaderboards with prizes that are over and closed: what their places have is decided.
-- Table: board_end
-- Delta: whole
-- board text: which one, as in the program file
-- store text: of which store; empty where it is of all of the program
-- began_on int: first day of the period, counted from 1 January of the year 1
-- version int: the version whose promise it is
-- paid int: how many have something for their place
-- closed_at instant: when that was decided
select board, store, began_on, version, paid, closed_at from board_end where program_id = $1
