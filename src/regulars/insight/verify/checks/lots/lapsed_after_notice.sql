-- I14: Where a wallet promises a notice, nothing lapses that its member was not told of in time.
-- Fails when: a member lost points without the notice they were promised.
-- Do: give the members named here their points back by an adjustment; report it as a bug.
-- Counts: entry where kind = 'expire'
--
-- By the version that was in force when it was decided; what was decided within a minute of
-- publishing is left out, and so is what was brought over and had lapsed elsewhere, and what
-- lapsed of erased members, whom nobody can tell. What lapsed before its end in a wallet that asks
-- for activity is judged by what that asks for (idle/long_enough).
-- Points that somebody gave keep that whoever had them before was shown a notice; a gift is named by
-- the entry of who gave; of what a household spent together it is one just before, of that instant.
with recursive promised as (
    select * from jsonb_to_recordset($1::jsonb -> 'notices')
               as n (program_id int, version int, wallet int, days int)
), rules as (
    select distinct program_id, wallet
      from jsonb_to_recordset($1::jsonb -> 'idle') as r (program_id int, wallet int)
), untold as (
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
), had as (
    select u.program_id, u.id, l.member_id, l.lot_id, l.entry_id, l.wallet, l.cause_id, l.earned_at
      from untold u
      join lot l on l.program_id = u.program_id and l.member_id = u.member_id and l.lot_id = u.lot_id
    union
    select h.program_id, h.id, p.member_id, p.lot_id, p.entry_id, p.wallet, p.cause_id, p.earned_at
      from had h
      join entry e on e.program_id = h.program_id and e.member_id = h.member_id
                  and e.entry_id = h.entry_id and e.kind in ('transfer', 'pool')
      join lateral (
           select e.cause_id as entry_id where e.kind = 'transfer'
           union all
           select n.entry_id
             from (select o.member_id, o.entry_id from posting o
                    where e.kind = 'pool' and o.program_id = e.program_id
                      and o.entry_id < e.entry_id
                    order by o.entry_id desc limit 20) o
             join entry n on n.program_id = e.program_id and n.member_id = o.member_id
                         and n.entry_id = o.entry_id
            where n.kind = 'pool' and n.cause_id = e.cause_id
              and n.recorded_at = e.recorded_at and n.member_id <> e.member_id) g on true
      join lot_move m on m.program_id = e.program_id and m.entry_id = g.entry_id and m.delta < 0
      join lot p on p.program_id = m.program_id and p.member_id = m.member_id
                and p.lot_id = m.lot_id and p.wallet = h.wallet and p.cause_id = h.cause_id
                and p.earned_at = h.earned_at
)
select u.*
  from untold u
 where not exists (
       select from had h
         join notice_lot o on o.program_id = h.program_id and o.member_id = h.member_id
                          and o.lot_id = h.lot_id
         join message m on m.program_id = o.program_id and m.member_id = o.member_id
                       and m.message_id = o.message_id and m.kind = 'expiry_notice'
        where h.program_id = u.program_id and h.id = u.id and h.lot_id <> u.lot_id
          and m.delivered_at <= u.expires_at - make_interval(days => u.days))
