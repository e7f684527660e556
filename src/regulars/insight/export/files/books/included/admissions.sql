-- What people told when they joined a program that asks for it.
-- Table: admission
-- Delta: members
-- member_id mem: the member
-- birthday day?: their birthday
-- country text: where they live
-- guardian_id mem?: the member who answers for somebody under age
-- invited_by mem?: the member who invited them
-- actor text: who of the shop let them in
-- recorded_at instant: when
select member_id, birthday, country, guardian_id, invited_by, actor, recorded_at
  from admission where program_id = $1
