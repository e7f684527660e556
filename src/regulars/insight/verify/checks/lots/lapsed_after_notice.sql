-- I14: Where a wallet promises a notice, nothing lapses that its member was not told of in time.
-- Fails when: a member lost points without the notice they were promised.
-- Do: give the members named here their points back by an adjustment; report it as a bug.
-- Counts: entry where kind = 'expire'
--
-- By the version that was in force when it was decided; what was decided within a minute of
-- publishing is left out, and so is what was brought over and had lapsed elsewhere, and what
-- lapsed of erased members, whom nobody can tell. What lapsed before its end in a wallet that asks
-- for activity is judged by what that asks for (idle/long_enough).
with promised as (
    select * from jsonb_to_recordset($1::jsonb -> 'notices')
               as n (program_id int, version int, wallet int, days int)
), rules as (
    select distinct program_id, wallet
      from jsonb_to_recordset($1::jsonb -> 'idle') as r (program_id int, wallet int)
)
select e.program_id, e.member_id, l.lot_id, e.entry_id as id, l.expires_at, m.delivered_at, v.days
  from entry e
  join lot l on l.program_id = e.program_id and l.member_id = e.member_id and l.lot_id = e.cause_id
  join lateral (
       select n.days
         from program_version p
         left join promised n on n.program_id = p.program_id and n.version = p.version
                             and n.wallet = l.wallet
        where p.program_id = e.program_id and p.effective_from <= e.recorded_at
          and p.published_at <= e.recorded_at
        order by p.effective_from desc, p.version desc limit 1) v on v.days is not null
  -- A notice counts until a courtesy moved the end it told of.
  left join lateral (
       select min(m.delivered_at) as delivered_at
         from notice_lot o
         join message m using (program_id, member_id, message_id)
        where o.program_id = l.program_id and o.member_id = l.member_id and o.lot_id = l.lot_id
          and m.kind = 'expiry_notice'
          and not exists (select from courtesy c
                           where c.program_id = l.program_id and c.member_id = l.member_id
                             and c.lot_id = l.lot_id and c.kind = 'extend'
                             and c.from_at >= m.lapses_at)) m on true
 where e.kind = 'expire' and e.actor not like 'import:%'
   and not (e.occurred_at < l.expires_at
            and (l.program_id, l.wallet) in (select program_id, wallet from rules))
   and (m.delivered_at is null or m.delivered_at > l.expires_at - make_interval(days => v.days))
   and not exists (select from erasure r
                    where r.program_id = e.program_id and r.member_id = e.member_id
                      and r.erased_at <= e.recorded_at)
   and not exists (select from program_version p
                    where p.program_id = e.program_id and p.version > 1
                      and greatest(p.published_at, p.effective_from)
                          between e.recorded_at - interval '1 minute'
                              and e.recorded_at + interval '1 minute')
