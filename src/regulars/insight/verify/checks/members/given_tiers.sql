-- I26: Every tier given by hand was given by somebody, began once, and moved its member as it says.
-- Fails when: somebody holds a tier that nobody gave them, or longer than it was given.
-- Do: see who gave it (`actor`) and talk to them; end it by hand where it must not be. Report it.
-- Counts: tier_turn
select t.program_id, t.member_id, t.grant_id, t.what, g.tier, g.answer_by, t.at,
       'nobody gave it, or it was accepted too late' as wrong
  from tier_turn t
  left join tier_grant g using (program_id, member_id, grant_id)
 where g.grant_id is null or t.at < g.given_at or (t.what = 'begun' and t.at >= g.answer_by)
union all
select t.program_id, t.member_id, t.grant_id, t.what, null, null, t.at, 'it ended before it began'
  from tier_turn t
 where t.what = 'ended'
   and not exists (select from tier_turn b
                    where b.program_id = t.program_id and b.grant_id = t.grant_id
                      and b.what = 'begun' and b.at <= t.at)
union all
select g.program_id, g.member_id, g.grant_id, g.kind, g.tier, g.answer_by, g.given_at,
       'it never began'
  from tier_grant g
 where g.kind <> 'invited'
   and not exists (select from tier_turn b
                    where b.program_id = g.program_id and b.grant_id = g.grant_id
                      and b.what = 'begun')
union all
select m.program_id, m.member_id, m.cause_id, m.reason, m.to_tier, m.until_at, m.occurred_at,
       'the member was moved otherwise than it says'
  from tier_move m
  left join tier_turn t on t.program_id = m.program_id and t.grant_id = m.cause_id
                       and t.what = 'begun'
  left join tier_grant g on g.program_id = t.program_id and g.grant_id = t.grant_id
 where m.reason in ('granted', 'matched', 'invited')
   and (g.grant_id is null or g.tier is distinct from m.to_tier or g.kind <> m.reason
        or t.until_at is distinct from m.until_at or t.at <> m.occurred_at)
