-- I12: Points are spent in the order their wallet says, those that lapse soonest first.
-- Fails when: a redemption, a debt that was paid before one, or a correction took later points while sooner ones were there.
-- Do: the members named here may lose points sooner than they should; give them what lapses by an
--   adjustment and report it as a bug.
-- Counts: hold
--
-- Ids are UUIDv7: their first 13 characters are the millisecond in which something was decided.
-- Of what was decided in the same millisecond that is counted which leaves the skipped lot
-- emptier, so the check never cries wolf; it takes for granted that our machines' clocks agree.
--
-- The order is that of the terms which decided: a redemption names its version; a correction was
-- decided by the version in force, so those made within a minute of publishing are left out.
-- Pending points are not skipped: they could not be taken before they were usable.
-- A lot whose end moved is judged by the end it had when something was taken.
with orders as (
    select * from jsonb_to_recordset($1::jsonb -> 'orders')
               as o (program_id int, version int, wallet int, spends text)
), moves as (
    select program_id, member_id, lot_id, entry_id, from_at from courtesy where kind = 'extend'
    union all
    select program_id, member_id, lot_id, entry_id, from_at from postponement
), moved as (
    select program_id, member_id, lot_id, from_at, left(entry_id::text, 13) collate "C" as at,
           lag(left(entry_id::text, 13) collate "C")
               over (partition by program_id, member_id, lot_id order by from_at) as before
      from moves
), lots as (
    select l.program_id, l.member_id, l.wallet, l.lot_id, l.amount, l.remaining, l.earned_at,
           l.expires_at, l.state, coalesce(x.at, '') as since, '~' as until
      from lot l
      left join (select program_id, member_id, lot_id, max(at) as at from moved
                  group by 1, 2, 3) x using (program_id, member_id, lot_id)
    union all
    select l.program_id, l.member_id, l.wallet, l.lot_id, l.amount, l.remaining, l.earned_at,
           x.from_at, l.state, coalesce(x.before, ''), x.at
      from lot l
      join moved x using (program_id, member_id, lot_id)
), takes as (
    select h.program_id, h.member_id, h.wallet, h.hold_id as take_id, o.lot_id,
           h.opened_at as taken_at, r.version
      from hold h
      join hold_lot o using (program_id, member_id, hold_id)
      join redemption r using (program_id, member_id, redemption_id)
    union all
    select m.program_id, m.member_id, m.wallet, m.entry_id, m.lot_id, e.recorded_at, v.version
      from lot_move m
      join entry e using (program_id, member_id, entry_id)
      join lateral (
           select coalesce(
               (select version from program_version v
                 where v.program_id = e.program_id and v.effective_from <= e.occurred_at
                   and v.published_at <= e.recorded_at
                 order by effective_from desc, version desc limit 1),
               (select version from program_version v
                 where v.program_id = e.program_id and v.published_at <= e.recorded_at
                 order by effective_from, version limit 1)) as version) v on true
     where e.kind in ('adjust', 'transfer', 'pool') and m.delta < 0
       and not exists (select from program_version v
                        where v.program_id = e.program_id and v.version > 1
                          and v.published_at between e.recorded_at - interval '1 minute'
                                                 and e.recorded_at + interval '1 minute')
    union all
    -- What is owed is paid before it is spent: soonest to end first, whatever the wallet's order.
    select m.program_id, m.member_id, m.wallet, m.entry_id, m.lot_id, e.recorded_at, null
      from lot_move m
      join entry e using (program_id, member_id, entry_id)
     where e.kind = 'repay' and m.delta < 0 and e.reason = 'owed when it was spent'
), ordered as (
    -- Two numbers that rise in the order of spending, before the lot's id; newest turns round.
    select t.program_id, t.member_id, t.wallet, t.take_id, t.taken_at,
           left(t.take_id::text, 13) collate "C" as at,
           coalesce(o.spends, 'soonest_expiring') as spends,
           l.expires_at, l.earned_at, l.lot_id,
           case o.spends when 'oldest' then extract(epoch from l.earned_at)
                         when 'newest' then -extract(epoch from l.earned_at)
                         else extract(epoch from l.expires_at) end as first_by,
           case when o.spends is null then extract(epoch from l.earned_at)
                else extract(epoch from l.expires_at) end as then_by
      from takes t
      join lots l using (program_id, member_id, wallet, lot_id)
      left join orders o on o.program_id = t.program_id and o.version = t.version
                        and o.wallet = t.wallet
     where l.since < left(t.take_id::text, 13) collate "C"
       and left(t.take_id::text, 13) collate "C" < l.until
), furthest as (
    select distinct on (program_id, member_id, wallet, take_id) *
      from ordered
     order by program_id, member_id, wallet, take_id, first_by desc, then_by desc, lot_id desc
), ages as (
    select program_id, member_id, lot_id, max(left(entry_id::text, 13) collate "C") as last_taken
      from lot_move
     group by program_id, member_id, lot_id
), skipped as (
    select f.program_id, f.member_id, f.wallet, f.take_id, f.at, l.lot_id, l.amount
      from furthest f
      join lots l on l.program_id = f.program_id and l.member_id = f.member_id
                and l.wallet = f.wallet and l.since < f.at and f.at < l.until
                and case f.spends
                    when 'soonest_expiring' then (l.expires_at, l.earned_at, l.lot_id)
                                               < (f.expires_at, f.earned_at, f.lot_id)
                    when 'oldest' then (l.earned_at, l.expires_at, l.lot_id)
                                     < (f.earned_at, f.expires_at, f.lot_id)
                    else l.earned_at > f.earned_at
                         or l.earned_at = f.earned_at
                            and (l.expires_at, l.lot_id) < (f.expires_at, f.lot_id) end
                and left(l.lot_id::text, 13) collate "C" < f.at
                and l.expires_at > f.taken_at and l.state = 'open'
      left join ages a on a.program_id = l.program_id and a.member_id = l.member_id
                      and a.lot_id = l.lot_id
     where (l.remaining > 0 or a.last_taken > f.at)
       and not exists (select from entry e
                        where e.program_id = l.program_id and e.member_id = l.member_id
                          and e.cause_id = l.lot_id and e.kind = 'activate'
                          and left(e.entry_id::text, 13) collate "C" >= f.at)
), taken as (
    select s.take_id, s.lot_id, sum(-m.delta) as points
      from skipped s
      join lot_move m on m.program_id = s.program_id and m.member_id = s.member_id
                     and m.lot_id = s.lot_id and left(m.entry_id::text, 13) collate "C" <= s.at
                     and (m.delta < 0 or left(m.entry_id::text, 13) collate "C" < s.at)
     group by s.take_id, s.lot_id
), ended as (
    select program_id, member_id, cause_id as redemption_id,
           max(left(entry_id::text, 13) collate "C") as at
      from entry
     where kind in ('capture', 'void', 'lapse')
     group by program_id, member_id, cause_id
), reserved as (
    select s.take_id, s.lot_id, sum(o.amount) as points
      from skipped s
      join hold_lot o on o.program_id = s.program_id and o.member_id = s.member_id
                     and o.lot_id = s.lot_id
      join hold h on h.program_id = o.program_id and h.member_id = o.member_id
                 and h.hold_id = o.hold_id and left(h.hold_id::text, 13) collate "C" <= s.at
      left join ended e on e.program_id = h.program_id and e.member_id = h.member_id
                       and e.redemption_id = h.redemption_id
     where e.at is null or e.at >= s.at
     group by s.take_id, s.lot_id
)
select s.program_id, s.member_id, s.wallet, s.take_id, s.lot_id as skipped_lot_id,
       s.amount - coalesce(t.points, 0) - coalesce(r.points, 0) as skipped
  from skipped s
  left join taken t using (take_id, lot_id)
  left join reserved r using (take_id, lot_id)
 where s.amount - coalesce(t.points, 0) - coalesce(r.points, 0) > 0
