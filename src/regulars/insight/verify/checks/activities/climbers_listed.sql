-- I56: Whoever may reach a tier by doing nothing, as credit begins to count or a window ends, is
--   listed to be looked at by then.
-- Fails when: somebody reaches a tier and is only given it when they come by the next time.
-- Do: run `regulars rebuild --repair`; it lists them for that night.
-- Counts: tier_clock
--
-- What the last night had to look at is over. Credit stands under the day on which it begins to
-- count, or under the first day of its window. Programs whose ladder ever counted otherwise are
-- left out: nobody was listed by the word of a version that came later.
with later as (
    select * from jsonb_to_recordset($1::jsonb -> 'later')
               as l (program_id int, counter int, zone text, at_end bool, anniversary bool)
), nights as (
    select program_id, max(done_at) as done_at from midnight_step group by program_id
), credits as (
    select c.program_id, c.member_id, l.zone, l.at_end, l.anniversary,
           date '0001-01-01' + (c.period - 1) as day,
           (m.joined_at at time zone l.zone)::date as joined_on
      from counter c
      join later l on l.program_id = c.program_id and l.counter = c.counter
      join member m on m.program_id = c.program_id and m.member_id = c.member_id
     where c.value <> 0 and m.state not in ('merged', 'erased')
), dated as (
    select program_id, member_id, zone, day, at_end,
           case when anniversary
                then (joined_on + make_interval(years =>
                         extract(year from day)::int - extract(year from joined_on)::int))::date
                else make_date(extract(year from day)::int, 1, 1) end as begins,
           case when anniversary
                then (joined_on + make_interval(years =>
                         extract(year from day)::int - extract(year from joined_on)::int + 1))::date
                else make_date(extract(year from day)::int + 1, 1, 1) end as ends
      from credits
), moments as (
    select program_id, member_id,
           (case when not at_end then day when begins > day then begins else ends end)::timestamp
               at time zone zone as at
      from dated
), due as (
    select m.program_id, m.member_id, min(m.at) as moment
      from moments m
      left join nights n using (program_id)
     where m.at > coalesce(n.done_at, '-infinity')
     group by m.program_id, m.member_id
)
select d.program_id, d.member_id, k.look_at, d.moment
  from due d
  left join tier_clock k using (program_id, member_id)
 where k.look_at is null or k.look_at > d.moment
