-- Who said that they take part in a challenge.
-- Table: challenge_part
-- Delta: members
-- member_id mem: the member
-- part_id uuid: the part
-- challenge text: which challenge, as in the program file
-- since instant: since when
select member_id, part_id, challenge, since from challenge_part where program_id = $1
