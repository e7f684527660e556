-- I35: Every prize is told once when it is given, and once more when it is taken back.
-- Fails when: whoever listens was not told of a prize, or was told twice.
-- Do: tell those who listen to read the prizes named here anew; report it.
-- Counts: prize
with due as (
    select program_id, 'prize.given' as type, prize_id from prize p
     where not exists (select from came_along c  -- from elsewhere, where it was told
                        where c.program_id = p.program_id and c.about = p.prize_id)
    union all
    select program_id, 'prize.taken_back', prize_id from prize where undone_at is not null
), wanted as (
    select program_id, type, replace(prize_id::text, '-', '') as about from due
), told as (
    select program_id, type, right(replace(payload ->> 'prize_id', '-', ''), 32) as about,
           count(*) as times
      from outbox
     where starts_with(type, 'prize.')
     group by 1, 2, 3
)
select program_id, type, about, coalesce(t.times, 0) as told, (w.about is not null)::int as due
  from wanted w
  full join told t using (program_id, type, about)
 where coalesce(t.times, 0) <> (w.about is not null)::int
