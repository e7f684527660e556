-- I49: What members do is listed for challenges and streaks since the program has some, and nothing
--   else is.
-- Fails when: a visit or purchase does not count, or counts although it never was.
-- Do: run `regulars rebuild --repair`; what is missing counts from then on. Report it.
-- Counts: deed
--
-- While a version with challenges is being published, a till may still serve by the one before.
with games as (
    select program_id, since, zone from jsonb_to_recordset($1::jsonb -> 'games')
               as g (program_id int, since timestamptz, zone text)
), wanted as (
    select a.program_id, a.member_id, a.activity_id, a.occurred_at as happened_at,
           (a.occurred_at at time zone coalesce(nullif(m.zone, ''), g.zone))::date
           - date '0001-01-01' + 1 as own_day_due
      from games g
      join activity a on a.program_id = g.program_id
                     and a.recorded_at > g.since + interval '1 minute'
      join member m on m.program_id = a.program_id and m.member_id = a.member_id
     where a.sale_id is null
)
select w.program_id, w.member_id, w.activity_id, d.occurred_at, d.own_day, w.happened_at,
       w.own_day_due
  from wanted w
  left join deed d using (program_id, member_id, activity_id)
 where d.occurred_at is distinct from w.happened_at
union all
select d.program_id, d.member_id, d.activity_id, d.occurred_at, d.own_day, null, null
  from deed d
 where not exists (select from activity a
                    where a.program_id = d.program_id and a.member_id = d.member_id
                      and a.activity_id = d.activity_id and a.sale_id is null)
