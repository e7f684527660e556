-- I107: Whoever came to a gathering, passed a lesson or was published did something, once: there is
--   one activity for it, and none of somebody who did not; rules see neither stars nor words.
-- Fails when: rules give for what did not happen, or nothing for what did.
-- Do: report it with the rows named here; seats and activities are kept as they came.
-- Counts: seat
select s.program_id, s.gathering_id, s.member_id, 'came, and no activity' as wrong
  from seat s
 where s.came_at is not null
   and not exists (select from activity t
                    where t.program_id = s.program_id and t.kind = 'event-attended'
                      and t.source = 'regulars-community'
                      and t.external_id = replace(s.gathering_id::text, '-', '') || '-'
                                       || replace(s.member_id::text, '-', ''))
union all
select t.program_id, null, t.member_id, 'an activity, and nobody came' as wrong
  from activity t
 where t.kind = 'event-attended' and t.source = 'regulars-community'
   and not exists (select from seat s
                    where s.program_id = t.program_id and s.came_at is not null
                      and t.external_id = replace(s.gathering_id::text, '-', '') || '-'
                                       || replace(s.member_id::text, '-', ''))
union all
select t.program_id, t.lesson_id, t.member_id, 'passed, and no activity' as wrong
  from lesson_try t
 where t.passed_at is not null
   and not exists (select from activity a
                    where a.program_id = t.program_id and a.kind = 'lesson-passed'
                      and a.source = 'regulars-community'
                      and a.external_id = replace(t.lesson_id::text, '-', '') || '-'
                                       || replace(t.member_id::text, '-', ''))
union all
select a.program_id, null, a.member_id, 'an activity, and nobody passed' as wrong
  from activity a
 where a.kind = 'lesson-passed' and a.source = 'regulars-community'
   and not exists (select from lesson_try t
                    where t.program_id = a.program_id and t.passed_at is not null
                      and a.external_id = replace(t.lesson_id::text, '-', '') || '-'
                                       || replace(t.member_id::text, '-', ''))
union all
select p.program_id, p.post_id, p.member_id, 'published, and no activity' as wrong
  from member_post p
 where p.published_at is not null and p.site = ''
   and not exists (select from activity a
                    where a.program_id = p.program_id and a.kind = p.kind || '-published'
                      and a.source = 'regulars-community'
                      and a.external_id = replace(p.post_id::text, '-', ''))
union all
select a.program_id, null, a.member_id, 'an activity, and nothing was published, or it tells more'
  from activity a
 where a.kind in ('review-published', 'story-published') and a.source = 'regulars-community'
   and (not exists (select from member_post p
                     where p.program_id = a.program_id and p.published_at is not null
                       and p.site = '' and a.external_id = replace(p.post_id::text, '-', ''))
        or (select count(*) from jsonb_object_keys(coalesce(a.body -> 'details', '{}')) as k (name)
             where k.name <> 'about') > 0)
