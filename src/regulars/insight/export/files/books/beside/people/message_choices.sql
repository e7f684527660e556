-- Which messages members want, and by which way; who chose nothing is told as the shop does.
-- Table: message_choice
-- Delta: whole
-- member_id mem: the member
-- kind text: earned, redeemed or notice
-- ways text: off, email, sms or any
-- changed_at instant: since when
select coalesce(a.into_id, c.member_id) as member_id, c.kind, c.ways, c.changed_at
  from message_choice c
  left join member_alias a on a.program_id = c.program_id and a.member_id = c.member_id
 where c.program_id = $1
