-- I35: Every time points come, become usable, go back, are cancelled, lapse or are corrected, the
--   world is told once, and only then.
-- Fails when: a member's app or an accounting system was not told, or was told something untrue.
-- Do: tell those who listen to read the members named here anew, and report it.
-- Counts: outbox
--
-- What an event is about is told by id, with or without prefix and hyphens. What an import brought
-- over happened elsewhere, and nobody is told (ADR 0070): telling it would be wrong as well.
with due as (
    select e.program_id, e.member_id, 'points.earned' as type, e.cause_id::text as about,
           1 as times, 0 as points
      from entry e
     where e.kind = 'earn' and not starts_with(e.actor, 'import:')
    union all
    select e.program_id, e.member_id, 'points.restated', e.cause_id::text, count(*), 0
      from entry e
     where e.kind = 'restate' and not starts_with(e.actor, 'import:')
     group by e.program_id, e.member_id, e.cause_id
    union all
    select program_id, member_id, 'points.returned', activity_id::text, 1, 0
      from activity
     where kind = 'return' and member_id <> '00000000-0000-0000-0000-000000000000'
       and not starts_with(actor, 'import:')
    union all
    select e.program_id, e.member_id, 'points.expired', e.cause_id::text, count(*), sum(p.amount)
      from entry e
      join posting p using (program_id, member_id, entry_id)
     where e.kind = 'expire' and p.account = 13 and not starts_with(e.actor, 'import:')
     group by e.program_id, e.member_id, e.cause_id
    union all
    select e.program_id, e.member_id, 'points.adjusted', e.entry_id::text, 1, sum(-p.amount)
      from entry e
      join posting p using (program_id, member_id, entry_id)
     where e.kind = 'adjust' and p.account in (11, 14)
     group by e.program_id, e.member_id, e.entry_id
    union all
    select e.program_id, e.member_id,
           case e.kind when 'transfer' then 'points.transferred' when 'pool' then 'points.pooled'
                when 'extend' then 'points.extended' when 'reinstate' then 'points.reinstated'
                else 'points.written_off' end,
           e.entry_id::text, 1,
           sum(case when e.kind = 'extend' then greatest(p.amount, 0)
                    when p.account in (13, 16, 17) then -p.amount else 0 end)
      from entry e
      join posting p using (program_id, member_id, entry_id)
     where e.kind in ('transfer', 'pool', 'extend', 'reinstate', 'write_off')
     group by e.program_id, e.member_id, e.entry_id, e.kind
    union all
    select e.program_id, e.member_id,
           case e.kind when 'activate' then 'points.activated' else 'points.cancelled' end,
           e.cause_id::text, count(*), sum(-p.amount)
      from entry e
      join posting p using (program_id, member_id, entry_id)
     where e.kind in ('activate', 'cancel') and p.account = 2
     group by e.program_id, e.member_id, e.kind, e.cause_id
    union all
    select e.program_id, e.member_id, 'points.refunded', e.cause_id::text, count(*),
           sum(-p.amount)
      from entry e
      join redemption r on r.program_id = e.program_id and r.redemption_id = e.cause_id
      join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                    and p.entry_id = e.entry_id and p.account = 12
     where e.kind = 'refund'
     group by e.program_id, e.member_id, e.cause_id
    union all
    select e.program_id, e.member_id, 'points.refunded', r.redemption_id::text, count(*),
           sum(-p.amount)
      from entry e
      join entry c on c.program_id = e.program_id and c.member_id = e.member_id
                  and c.entry_id = e.reverses and c.kind = 'capture'
      join redemption r on r.program_id = c.program_id and r.member_id = c.member_id
                       and r.redemption_id = c.cause_id and r.terms ->> 'pays_for' is not null
      join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                    and p.entry_id = e.entry_id and p.account = 12
     where e.kind = 'refund' and e.cause_id <> r.redemption_id
     group by e.program_id, e.member_id, r.redemption_id
    union all
    select program_id, member_id, 'points.postponed', lot_id::text, count(*), sum(points)
      from postponement
     group by program_id, member_id, lot_id
    union all
    select program_id, member_id, 'points.lapse_soon', message_id::text, 1, points
      from message
     where kind not in ('tier_notice', 'ladder_notice')
), named as (
    -- Who was told under their own id before they were merged was told.
    select program_id, member_id, coalesce(n.into_id, o.member_id) as stands_as, type, payload
      from outbox o
      left join member_alias n using (program_id, member_id)
), wanted as (
    select program_id, case when type in ('points.returned', 'points.refunded')
                            then coalesce(n.into_id, due.member_id)
                            else due.member_id end as member_id,
           type, replace(about, '-', '') as about, times, points
      from due
      left join member_alias n using (program_id, member_id)
), told as (
    select program_id,
           case when type in ('points.returned', 'points.refunded') then stands_as
                else member_id end as member_id, type,
           right(replace(case type when 'points.expired' then payload ->> 'lot_id'
                                   when 'points.earned' then payload ->> 'activity_id'
                                   when 'points.activated' then payload ->> 'lot_id'
                                   when 'points.cancelled' then payload ->> 'lot_id'
                                   when 'points.postponed' then payload ->> 'lot_id'
                                   when 'points.lapse_soon' then payload ->> 'message_id'
                                   when 'points.returned' then payload ->> 'activity_id'
                                   when 'points.restated' then payload ->> 'activity_id'
                                   when 'points.refunded' then payload ->> 'redemption_id'
                                   else payload ->> 'entry_id' end, '-', ''), 32) as about,
           count(*) as times,
           sum(case when type in ('points.earned', 'points.returned',
                                 'points.restated') then 0
                    else coalesce(payload ->> 'points', payload ->> 'units')::bigint
               end) as points
      from named
     where starts_with(type, 'points.')
     group by 1, 2, 3, 4
)
select program_id, member_id, type, about, coalesce(t.times, 0) as told,
       coalesce(w.times, 0) as due, t.points as points_told, w.points as points_due
  from wanted w
  full join told t using (program_id, member_id, type, about)
 where coalesce(t.times, 0) <> coalesce(w.times, 0) or t.points <> w.points
