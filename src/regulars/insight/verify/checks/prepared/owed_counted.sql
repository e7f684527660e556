-- I111: What was owed as a day ended is what lots had left then, give or take what moved that night
--   while it was counted.
-- Fails when: a month is closed by points that never were.
-- Do: the lots decide, but a day that has ended cannot be counted again. Report it with the rows
--   named here, and lay the month beside the postings.
-- Counts: owed_day
--
-- It is counted between midnight and three; an hour more on each side is for clocks that change.
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
), counted as (
    select distinct program_id, day from tier_day join reach using (program_id)
     where members is not null
), booked as (
    select e.program_id, e.member_id, e.entry_id, e.recorded_at at time zone r.zone as local_at
      from entry e join reach r using (program_id)
), moved as (
    select b.program_id, l.wallet, b.local_at, l.amount as units
      from lot l join booked b using (program_id, member_id, entry_id)
    union all
    select b.program_id, m.wallet, b.local_at, m.delta
      from lot_move m join booked b using (program_id, member_id, entry_id)
), days as (
    select program_id, wallet, local_at::date as day, sum(units) as net,
           coalesce(sum(abs(units)) filter (where extract(hour from local_at) < 4), 0) as early,
           coalesce(sum(abs(units)) filter (where extract(hour from local_at) = 23), 0) as late
      from moved group by 1, 2, 3
    union all
    select c.program_id, w.code, c.day, 0, 0, 0
      from counted c join program_code w on w.program_id = c.program_id and w.kind = 'wallet'
    union all
    select c.program_id, w.code, c.day + 1, 0, 0, 0
      from counted c join program_code w on w.program_id = c.program_id and w.kind = 'wallet'
), lined as (
    select program_id, wallet, day, sum(sum(net)) over each as units, sum(late) as late,
           lead(sum(early)) over each as early
      from days group by 1, 2, 3
    window each as (partition by program_id, wallet order by day)
), owed as (
    select program_id, wallet, day, sum(units) as units from owed_day group by 1, 2, 3
)
select program_id, wallet, day, l.units, coalesce(o.units, 0) as counted
  from lined l
  join counted c using (program_id, day)
  left join owed o using (program_id, wallet, day)
 where abs(l.units - coalesce(o.units, 0)) > l.late + l.early
