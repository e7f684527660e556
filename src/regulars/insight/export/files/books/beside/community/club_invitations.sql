-- Whom the shop asked to join which club.
-- Table: club_invitation
-- Delta: whole
-- club text: the code of the club
-- member_id mem: whom
-- made_at instant: when
-- made_by text: by whom
select c.code as club, coalesce(l.into_id, i.member_id) as member_id, i.made_at, i.made_by
  from club_invitation i join club c using (program_id, club_id)
  left join member_alias l on l.program_id = i.program_id and l.member_id = i.member_id
 where i.program_id = $1
