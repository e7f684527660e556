-- I18: At no time are more people than there were places, no place is given twice, and every
--   appointment stands at the time it was promised for.
-- Fails when: three people come at ten and two can be served.
-- Do: see who booked this time, and move somebody; report it.
-- Counts: benefit_use where from_at is not null
with booked as (
    select program_id, benefit, store, from_at, place, use_id, state,
           1 + coalesce((terms ->> 'guests')::int, 0) as people,
           (terms #>> '{booked,places}')::int as places,
           (terms #>> '{booked,from_at}')::timestamptz as promised_at,
           (terms #>> '{booked,place}')::int as promised
      from benefit_use
     where from_at is not null or terms #>> '{booked,from_at}' is not null
)
select program_id, benefit, store, from_at, min(use_id::text)::uuid as use_id,
       sum(people) || ' people at ' || max(places) || ' places' as wrong
  from booked
 where state = 'used'
 group by 1, 2, 3, 4
having sum(people) > max(places)
union all
select program_id, benefit, store, from_at, min(use_id::text)::uuid, 'one place twice'
  from booked
 where state = 'used'
 group by 1, 2, 3, 4, place
having count(*) > 1
union all
select program_id, benefit, store, from_at, use_id, 'not at the time that was promised'
  from booked
 where (from_at, place) is distinct from (promised_at, promised)
