-- I12: Points that lapse soonest are spent first.
-- Fails when: a redemption or correction took later points while sooner ones were there.
-- Do: the members named here may lose points sooner than they should; give them what lapses by an
--   adjustment and report it as a bug.
-- Counts: hold
--
-- Ids are UUIDv7: their first 13 characters are the millisecond in which something was decided.
-- Of what was decided in the same millisecond that is counted which leaves the skipped lot
-- emptier, so the check never cries wolf; it takes for granted that our machines' clocks agree.
-- A lot that was made to live longer is judged by the end it had when something was taken.
with extended as (
    select program_id, member_id, lot_id, from_at, left(entry_id::text, 13) collate "C" as at,
           lag(left(entry_id::text, 13) collate "C")
               over (partition by program_id, member_id, lot_id order by entry_id) as before
      from courtesy
     where kind = 'extend'
), lots as (
    select l.program_id, l.member_id, l.wallet, l.lot_id, l.amount, l.remaining, l.earned_at,
           l.expires_at, coalesce(x.at, '') as since, '~' as until
      from lot l
      left join (select program_id, member_id, lot_id, max(at) as at from extended
                  group by 1, 2, 3) x using (program_id, member_id, lot_id)
    union all
    select l.program_id, l.member_id, l.wallet, l.lot_id, l.amount, l.remaining, l.earned_at,
           x.from_at, coalesce(x.before, ''), x.at
      from lot l
      join extended x using (program_id, member_id, lot_id)
), takes as (
    select h.program_id, h.member_id, h.wallet, h.hold_id as take_id, o.lot_id,
           h.opened_at as taken_at
      from hold h
      join hold_lot o using (program_id, member_id, hold_id)
    union all
    select m.program_id, m.member_id, m.wallet, m.entry_id, m.lot_id, e.recorded_at
      from lot_move m
      join entry e using (program_id, member_id, entry_id)
     where e.kind in ('adjust', 'transfer', 'pool') and m.delta < 0
), furthest as (
    select distinct on (t.program_id, t.member_id, t.wallet, t.take_id)
           t.program_id, t.member_id, t.wallet, t.take_id, t.taken_at,
           left(t.take_id::text, 13) collate "C" as at,
           l.expires_at, l.earned_at, l.lot_id
      from takes t
      join lots l using (program_id, member_id, wallet, lot_id)
     where l.since < left(t.take_id::text, 13) collate "C"
       and left(t.take_id::text, 13) collate "C" < l.until
     order by t.program_id, t.member_id, t.wallet, t.take_id,
              l.expires_at desc, l.earned_at desc, l.lot_id desc
), ages as (
    select program_id, member_id, lot_id, max(left(entry_id::text, 13) collate "C") as last_taken
      from lot_move
     group by program_id, member_id, lot_id
), skipped as (
    select f.program_id, f.member_id, f.wallet, f.take_id, f.at, l.lot_id, l.amount
      from furthest f
      join lots l on l.program_id = f.program_id and l.member_id = f.member_id
                and l.wallet = f.wallet and l.since < f.at and f.at < l.until
                and (l.expires_at, l.earned_at, l.lot_id) < (f.expires_at, f.earned_at, f.lot_id)
                and left(l.lot_id::text, 13) collate "C" < f.at
                and l.expires_at > f.taken_at
      left join ages a on a.program_id = l.program_id and a.member_id = l.member_id
                      and a.lot_id = l.lot_id
     where l.remaining > 0 or a.last_taken > f.at
), taken as (
    select s.take_id, s.lot_id, sum(-m.delta) as points
      from skipped s
      join lot_move m on m.program_id = s.program_id and m.member_id = s.member_id
                     and m.lot_id = s.lot_id and left(m.entry_id::text, 13) collate "C" <= s.at
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
