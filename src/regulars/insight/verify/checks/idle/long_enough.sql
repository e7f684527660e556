-- I13, I14: Points lapse for want of activity only after the whole time their wallet says, counted from
--   the member's last activity and from when it was first said, and only when they were told in
--   time.
-- Fails when: a member lost points although they had been here, or without having been told.
-- Do: give the members named here their points back by an adjustment; report it as a bug.
-- Counts: entry where kind = 'expire'
--
-- What lapsed before its own end lapsed for want of activity. By the version in force when it was
-- decided; what was decided within a minute of publishing is left out. What was told of a member
-- only afterwards does not count, and nobody is told of an erased member's points. Days are
-- compared with an hour to spare, as clocks that go back over midnight show it twice.
with rules as (
    select * from jsonb_to_recordset($1::jsonb -> 'idle')
               as r (program_id int, version int, wallet int, zone text, after text, days int,
                     since timestamptz, earning bool, redeeming bool, purchase bool,
                     activity bool)
), gone as (
    select e.program_id, e.member_id, l.lot_id, l.wallet, e.entry_id as id, e.occurred_at,
           e.recorded_at, r.zone, r.after, r.days, r.since
      from entry e
      join lot l on l.program_id = e.program_id and l.member_id = e.member_id
                and l.lot_id = e.cause_id
      join lateral (
           select p.version from program_version p
            where p.program_id = e.program_id and p.effective_from <= e.recorded_at
              and p.published_at <= e.recorded_at
            order by p.effective_from desc, p.version desc limit 1) v on true
      left join rules r on r.program_id = e.program_id and r.version = v.version
                       and r.wallet = l.wallet
     where e.kind = 'expire' and e.occurred_at < l.expires_at
       and (l.program_id, l.wallet) in (select program_id, wallet from rules)
       and not exists (select from program_version p
                        where p.program_id = e.program_id and p.version > 1
                          and greatest(p.published_at, p.effective_from)
                              between e.recorded_at - interval '1 minute'
                                  and e.recorded_at + interval '1 minute')
), acts as (
    select e.program_id, e.member_id, p.wallet, e.occurred_at, e.recorded_at
      from entry e
      join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                    and p.entry_id = e.entry_id and p.account = 11
      join trail t on t.program_id = e.program_id and t.member_id = e.member_id
                  and t.activity_id = e.cause_id
      join rules r on r.program_id = e.program_id and r.version = t.version
                  and r.wallet = p.wallet and r.earning
     where e.kind = 'earn' or (e.kind = 'restate' and p.amount < 0)
    union all
    select e.program_id, e.member_id, p.wallet, e.occurred_at, e.recorded_at
      from entry e
      join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                    and p.entry_id = e.entry_id and p.account = 3
      join redemption o on o.program_id = e.program_id and o.member_id = e.member_id
                       and o.redemption_id = e.cause_id
      join rules r on r.program_id = e.program_id and r.version = o.version
                  and r.wallet = p.wallet and r.redeeming
     where e.kind = 'hold'
    union all
    select a.program_id, a.member_id, r.wallet, a.occurred_at, a.recorded_at
      from activity a
      join trail t on t.program_id = a.program_id and t.member_id = a.member_id
                  and t.activity_id = a.activity_id and t.sale_id is null
      join rules r on r.program_id = a.program_id and r.version = t.version
                  and (r.activity or (r.purchase and a.kind = 'purchase'))
     where a.kind <> 'return'
)
select program_id, member_id, lot_id, id, occurred_at as at,
       'its wallet asks for no activity' as wrong
  from gone
 where zone is null
union all
select g.program_id, g.member_id, g.lot_id, g.id, g.occurred_at, 'nobody was told in time'
  from gone g
 where g.zone is not null
   and not exists (
       select from notice_lot n
         join message m using (program_id, member_id, message_id)
        where n.program_id = g.program_id and n.member_id = g.member_id and n.lot_id = g.lot_id
          and m.kind = 'idle_notice' and m.delivered_at is not null
          and ((m.delivered_at at time zone g.zone)::date + g.days + 1)::timestamp
              at time zone g.zone <= g.occurred_at + interval '1 hour')
   and not exists (select from erasure r
                    where r.program_id = g.program_id and r.member_id = g.member_id
                      and r.erased_at <= g.recorded_at)
union all
select program_id, member_id, lot_id, id, occurred_at, 'it was not said for long enough'
  from gone
 where (((since at time zone zone)::date + after::interval)::date + 1)::timestamp
       at time zone zone > occurred_at + interval '1 hour'
union all
select g.program_id, g.member_id, g.lot_id, g.id, g.occurred_at, 'the member had been here'
  from gone g
 where exists (
       select from acts a
        where a.program_id = g.program_id and a.member_id = g.member_id and a.wallet = g.wallet
          and a.recorded_at < g.recorded_at
          and (((a.occurred_at at time zone g.zone)::date + g.after::interval)::date + 1)::timestamp
              at time zone g.zone > g.occurred_at + interval '1 hour')
union all
select g.program_id, g.member_id, g.lot_id, g.id, g.occurred_at, 'it was spared as a courtesy'
  from gone g
  join courtesy c on c.program_id = g.program_id and c.member_id = g.member_id
                 and c.lot_id = g.lot_id and c.kind in ('extend', 'spare')
  join entry e on e.program_id = c.program_id and e.member_id = c.member_id
              and e.entry_id = c.entry_id and e.recorded_at < g.recorded_at
 where c.to_at > g.occurred_at
