-- What members and those who look after them wrote to each other.
-- Table: line_word
-- Delta: whole
-- line_id lin: the word
-- member_id mem: with whom
-- staff text?: who of the shop wrote it; none: the member
-- way text: in the card (inbox), by letter, text message or as a notice
-- says text: what was written
-- written_at instant: when
select w.line_id, coalesce(l.into_id, w.member_id) as member_id,
       'staff_' || replace(w.staff_id::text, '-', '') as staff, w.way, w.says, w.written_at
  from line_word w
  left join member_alias l on l.program_id = w.program_id and l.member_id = w.member_id
 where w.program_id = $1
