-- I56: Whoever may reach a tier by doing nothing, as credit begins to count or a window ends, is
--   listed to be looked at by then; and whoever reached one so has it, or is listed.
-- Fails when: somebody reaches a tier and is only given it when they come by the next time.
-- Do: run `regulars rebuild --repair`; it lists them for that night.
-- Counts: tier_clock
--
-- Credit stands under the day on which it begins to count, or under the first day of its window. Of
-- what the last review had to look at, the window that runs is judged: whoever reached a higher step
-- in it than they stand on, and did not move since, was forgotten, and has to be listed for the next
-- night. Programs whose ladder ever counted otherwise are left out: nobody was listed by the word of
-- a version that came later; so are members whose tier does not follow from their credit alone.
with later as (
    select * from jsonb_to_recordset($1::jsonb -> 'later')
               as l (program_id int, counter int, zone text, at_end bool, anniversary bool,
                     steps jsonb)
), reviews as (
    select program_id, max(done_at) as done_at
      from midnight_step where step = 'review_tiers' group by program_id
), credits as (
    select c.program_id, c.member_id, c.value, l.zone, l.at_end, l.anniversary, l.steps, l.counter,
           date '0001-01-01' + (c.period - 1) as day, m.state,
           (m.joined_at at time zone l.zone)::date as joined_on
      from counter c
      join later l on l.program_id = c.program_id and l.counter = c.counter
      join member m on m.program_id = c.program_id and m.member_id = c.member_id
     where c.value <> 0 and m.state not in ('merged', 'erased')
), dated as (
    select program_id, member_id, value, zone, day, at_end, steps, counter, state,
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
    select program_id, member_id, value, zone, at_end, steps, counter, state, begins, ends,
           (case when not at_end then day when begins > day then begins else ends end)::timestamp
               at time zone zone as at
      from dated
), ahead as (
    select m.program_id, m.member_id, min(m.at) as moment
      from moments m
      left join reviews n using (program_id)
     where m.at > coalesce(n.done_at, '-infinity')
     group by m.program_id, m.member_id
), gathered as (
    select m.program_id, m.member_id, m.steps, n.done_at, max(m.at) as at, sum(m.value) as credit
      from moments m
      join reviews n using (program_id)
     where m.at <= n.done_at and m.steps <> '[]' and m.state <> 'blocked'
       and case when m.at_end
                then m.ends + interval '1 year' > n.done_at at time zone m.zone
                else m.ends > n.done_at at time zone m.zone end
     group by m.program_id, m.member_id, m.steps, n.done_at, m.counter
), reached as (
    select g.program_id, g.member_id, g.done_at, max(g.at) as at, max((s ->> 0)::int) as place
      from gathered g, jsonb_array_elements(g.steps) as s
     where (s ->> 1)::bigint <= g.credit
     group by g.program_id, g.member_id, g.done_at
), places as (
    select c.program_id, n.tier, n.place
      from (select distinct on (program_id) program_id, ladder
              from jsonb_to_recordset($1::jsonb -> 'changeovers')
                       as v (program_id int, version int, ladder jsonb)
             order by program_id, version desc) c,
           jsonb_array_elements_text(c.ladder) with ordinality as n (tier, place)
), forgotten as (
    select r.program_id, r.member_id, r.done_at + interval '1 day' as moment
      from reached r
      join standing s using (program_id, member_id)
      left join places p on p.program_id = s.program_id and p.tier = s.tier
     where r.place > coalesce(p.place, 0) and (s.tier is null or p.place is not null)
       and not exists (select from tier_move v
                        where v.program_id = r.program_id and v.member_id = r.member_id
                          and v.occurred_at >= r.at)
       and not exists (select from tier_grant g
                        where g.program_id = r.program_id and g.member_id = r.member_id)
       and not exists (select from member_merge u
                        where u.program_id = r.program_id
                          and r.member_id in (u.from_id, u.into_id))
       and not exists (select from parked_member k
                        where k.program_id = r.program_id and k.member_id = r.member_id
                          and k.settled_at is null)
)
select a.program_id, a.member_id, k.look_at, a.moment
  from ahead a
  left join tier_clock k using (program_id, member_id)
  left join forgotten f using (program_id, member_id)
 where (k.look_at is null or k.look_at > a.moment) and f.member_id is null
union all
-- Whoever is listed sooner than what lies ahead is looked at for what is over.
select f.program_id, f.member_id, k.look_at, least(f.moment, a.moment - interval '1 second')
  from forgotten f
  left join tier_clock k using (program_id, member_id)
  left join ahead a using (program_id, member_id)
 where k.look_at is null or k.look_at >= a.moment
