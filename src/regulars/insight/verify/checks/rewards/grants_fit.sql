-- I18: What was granted by hand was used by its member, while it could be, and no more often than
--   granted.
-- Fails when: somebody used what was never granted to them, or what had ended.
-- Do: see who used it (`actor`) and talk to them; the uses can be undone. Report it.
-- Counts: benefit_use where grant_id is not null
with used as (
    select u.program_id, u.grant_id, sum(coalesce((u.terms ->> 'times')::int, 1)) as times, min(u.used_at) as first_at,
           max(u.used_at) as last_at, min(u.benefit) as benefit, max(u.benefit) as other,
           bool_and(coalesce(a.into_id, u.member_id) = coalesce(b.into_id, g.member_id)) as theirs
      from benefit_use u
      left join benefit_grant g on g.program_id = u.program_id and g.grant_id = u.grant_id
      left join member_alias a on a.program_id = u.program_id and a.member_id = u.member_id
      left join member_alias b on b.program_id = u.program_id and b.member_id = g.member_id
     where u.grant_id is not null and u.state <> 'undone'
     group by u.program_id, u.grant_id
)
select program_id, grant_id, g.member_id, u.benefit, u.times, g.times as granted, g.from_at,
       g.until_at, u.first_at, u.last_at
  from used u
  left join benefit_grant g using (program_id, grant_id)
 where g.grant_id is null or u.times > g.times or u.benefit <> g.benefit or u.other <> g.benefit
    or u.first_at < g.from_at or u.last_at >= g.until_at
    or (not u.theirs and not exists (select from member_merge m
                                      where m.program_id = u.program_id
                                        and g.member_id in (m.from_id, m.into_id)))
