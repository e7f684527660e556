-- Teams that reach a challenge together.
-- Table: team
-- Delta: members
-- member_id mem: who formed it
-- team_id uuid: the team
-- challenge text: the challenge, as in the program file
-- name text: its name, empty for none
-- code text: with which others join
-- founded_at instant: when it was formed
select member_id, team_id, challenge, name, code, founded_at
  from team
 where program_id = $1
