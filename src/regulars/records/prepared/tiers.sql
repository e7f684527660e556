-- Add who came to a step and who left it in these transactions to the days they did.
--
-- $1 program, $2 the program's zone, $3 from which transaction, $4 below which.
with moved as materialized (
    select m.from_tier, m.to_tier, m.occurred_at
      from tier_move m
     where m.program_id = $1::int and m.recorded_tx >= $3::bigint and m.recorded_tx < $4::bigint
), ends as (
    select coalesce(to_tier, '') as tier, occurred_at, 1 as came, 0 as went from moved
     where from_tier is distinct from to_tier
    union all
    select coalesce(from_tier, ''), occurred_at, 0, 1 from moved
     where from_tier is distinct from to_tier
), sums as (
    insert into tier_day as t (program_id, day, ladder, tier, members, came, went)
    select $1::int, (occurred_at at time zone $2::text)::date, '', tier, null, sum(came), sum(went)
      from ends group by 2, 4 order by 2, 4
        on conflict (program_id, day, ladder, tier) do update
       set came = t.came + excluded.came, went = t.went + excluded.went
    returning 1
)
select (select count(*) from sums) as sums, (select count(*) from moved) as moves
