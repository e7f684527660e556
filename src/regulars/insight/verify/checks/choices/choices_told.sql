-- I59: Every choice that was said is told once, and nothing else is told of choices.
-- Fails when: whoever serves members was not told, or was told of a choice that nobody made.
-- Do: tell those who listen to read the choices named here anew; report it.
-- Counts: choice
with told as (
    select program_id, member_id, right(replace(payload ->> 'choice_id', '-', ''), 32) as about,
           count(*) as times
      from outbox
     where type = 'choice.made'
     group by 1, 2, 3
), wanted as (
    select program_id, member_id, replace(choice_id::text, '-', '') as about
      from choice h
     where not exists (select from came_along c  -- from elsewhere, where it was told
                        where c.program_id = h.program_id and c.about = h.choice_id)
)
select program_id, member_id, about, coalesce(t.times, 0) as told, (w.about is not null)::int as due
  from wanted w
  full join told t using (program_id, member_id, about)
 where coalesce(t.times, 0) <> (w.about is not null)::int
