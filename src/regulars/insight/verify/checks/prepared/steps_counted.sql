-- I110: Who came to a step on a day and who left it is what members did, and no day had more members
--   than there ever were.
-- Fails when: tiers are said to grow or to empty as they did not.
-- Do: moves are worked out again by `regulars rebuild --repair`; how many stood where as a day
--   ended cannot be. Report it with the rows named here.
-- Counts: tier_day
with reach as (
    -- Whose stores have other clocks by now is folded anew next, and nothing is said of it here.
    select r.program_id, r.below_tx, z.zone
      from prepared_reach r
     cross join lateral (
           select zone from jsonb_to_recordset($1::jsonb -> 'zones')
                         as z (program_id int, version int, since timestamptz, zone text)
            where z.program_id = r.program_id and z.since <= r.looked_at
            order by z.since desc, z.version desc limit 1) z
     where r.after_id is null
       and r.zones = (select md5(z.zone || coalesce(
                             string_agg(s.code || '=' || s.zone, ',' order by s.code), ''))
                        from store s where s.program_id = r.program_id)
), moved as (
    select m.program_id, (m.occurred_at at time zone r.zone)::date as day, e.tier,
           sum(e.came) as came, sum(e.went) as went
      from tier_move m
      join reach r using (program_id)
     cross join lateral (values (coalesce(m.to_tier, ''), 1, 0), (coalesce(m.from_tier, ''), 0, 1))
           as e (tier, came, went)
     where m.from_tier is distinct from m.to_tier and m.recorded_tx < r.below_tx
     group by 1, 2, 3
), there as (
    select program_id, count(*) as members from member group by 1
), stood as (
    select program_id, day, sum(members) as members from tier_day
     where members is not null and ladder = '' group by 1, 2
)
select program_id, 'tier_day' as sums, day::text || ' ' || tier as place
  from moved m
  full join (select * from tier_day join reach using (program_id)
              where ladder = '' and (came, went) <> (0, 0)) t using (program_id, day, tier)
 where row(m.came, m.went) is distinct from row(t.came, t.went)
union all
select program_id, 'tier_day', day::text || ' in all'
  from stood s left join there t using (program_id)
 where s.members > coalesce(t.members, 0)
    or exists (select from tier_day d where d.program_id = s.program_id and d.day = s.day
                                        and d.members < 0)
