-- I2: Every loyalty number ends in the digit that catches a slip of the finger.
-- Fails when: a mistyped number could give points to somebody else.
-- Do: give the members named here a new card and report it; numbers are made with their check
--   digit.
-- Counts: member
-- Fold: numbers
select program_id, member_id, number from member
