-- Who was put on which list.
-- Table: segment_listed
-- Delta: whole
-- segment text: the code of the list
-- member_id mem: who
-- at instant: when
select s.code as segment, l.member_id, l.at
  from segment_listed l join segment s using (program_id, segment_id)
 where l.program_id = $1
