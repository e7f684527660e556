-- I13: After a night's work nothing is left that was left alone for too long and told of in time.
-- Fails when: points live on after their end; they cannot be spent, but your liability is too
--   high.
-- Do: run `regulars doctor` and look whether the worker runs; the next night takes them with it.
-- Counts: midnight_step where step = 'look_at_idle' and done_at is not null
--
-- What was recorded or shown while the night ran is the next night's; days are compared with an
-- hour to spare.
with rules as (
    select * from jsonb_to_recordset($1::jsonb -> 'idle')
               as r (program_id int, version int, wallet int, zone text, after text, days int,
                     since timestamptz)
), nights as (
    select program_id, max(done_at) as done_at
      from midnight_step
     where step = 'look_at_idle' and done_at is not null
     group by program_id
), asked as (
    select n.program_id, n.done_at, r.wallet, r.zone, r.after, r.days, r.since
      from nights n
      join lateral (
           select version from program_version p
            where p.program_id = n.program_id and p.effective_from <= n.done_at
            order by effective_from desc, version desc limit 1) v on true
      join rules r on r.program_id = n.program_id and r.version = v.version
), ends as (
    select l.program_id, l.member_id, l.wallet, l.lot_id, l.remaining - l.pinned as free,
           a.done_at, a.zone, a.days,
           greatest((((greatest(b.last_qualifying_at, a.since, l.activates_at, l.earned_at)
                       at time zone a.zone)::date + a.after::interval)::date + 1)::timestamp
                    at time zone a.zone,
                    (select max(c.to_at) from courtesy c
                      where c.program_id = l.program_id and c.member_id = l.member_id
                        and c.lot_id = l.lot_id and c.kind in ('extend', 'spare'))) as ends_at
      from asked a
      join lot l on l.program_id = a.program_id and l.wallet = a.wallet
                and l.remaining > l.pinned and l.state = 'open'
      join balance b on b.program_id = l.program_id and b.member_id = l.member_id
                    and b.wallet = l.wallet
      join entry e on e.program_id = l.program_id and e.member_id = l.member_id
                  and e.entry_id = l.entry_id and e.recorded_at < a.done_at - interval '10 minutes'
)
select e.program_id, e.member_id, e.wallet, e.lot_id, e.ends_at, e.free
  from ends e
 where e.ends_at <= e.done_at - interval '1 hour'
   and exists (
       select from notice_lot n
         join message m using (program_id, member_id, message_id)
        where n.program_id = e.program_id and n.member_id = e.member_id and n.lot_id = e.lot_id
          and m.kind = 'idle_notice' and m.lapses_at >= e.ends_at
          and ((m.delivered_at at time zone e.zone)::date + e.days + 1)::timestamp
              at time zone e.zone <= e.done_at - interval '1 hour')
