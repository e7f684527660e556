-- Everybody, with what is known of them today.
select member_id, joined_at, recorded_at, attributes
  from member
 where program_id = $1 and recorded_at < $2
