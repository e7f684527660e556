-- Who is in which club, since when and until when.
-- Table: club_place
-- Delta: whole
-- club text: the code of the club
-- place_id uuid: which place
-- member_id mem: whose
-- since instant: from when on
-- until instant?: until when, once they left
-- shows bool: whether the others see them
-- told_of bool: whether they see who is new
select c.code as club, p.place_id, coalesce(l.into_id, p.member_id) as member_id, p.since,
       p.until, p.shows, p.told_of
  from club_place p join club c using (program_id, club_id)
  left join member_alias l on l.program_id = p.program_id and l.member_id = p.member_id
 where p.program_id = $1
