-- Who is in which team, and who was.
-- Table: team_place
-- Delta: members
-- member_id mem: the member
-- place_id uuid: the place
-- team_id uuid: the team
-- since instant: since when
-- until instant?: when they left
select member_id, place_id, team_id, since, until
  from team_place
 where program_id = $1
