-- What members agreed to hear, and when they took it back.
-- Table: consent
-- Delta: members
-- member_id mem: the member
-- channel text: email, sms, post, push
-- state text: given or withdrawn
-- source text: where the member said so
-- changed_at instant: since when
select coalesce(a.into_id, c.member_id) as member_id, c.channel, c.state, c.source, c.changed_at
  from consent c
  left join member_alias a on a.program_id = c.program_id and a.member_id = c.member_id
 where c.program_id = $1
   and not exists (select from erasure x
                    where x.program_id = c.program_id and x.member_id = c.member_id)
