-- Who tried which lesson, and who passed.
-- Table: lesson_try
-- Delta: whole
-- lesson text: the code of the lesson
-- member_id mem: who
-- tries int: how often
-- last_at instant: when last
-- best int: most right answers
-- passed_at instant?: since when they have passed
select s.code as lesson, coalesce(l.into_id, t.member_id) as member_id, t.tries, t.last_at, t.best,
       t.passed_at
  from lesson_try t join lesson s using (program_id, lesson_id)
  left join member_alias l on l.program_id = t.program_id and l.member_id = t.member_id
 where t.program_id = $1
