-- I58: Of several things a member has the one they chose in a period: what they said binds them, and
--   two of them never stand side by side.
-- Fails when: somebody has a companion ticket and the points instead of it.
-- Do: look up the choices, redemptions and uses named here; take back what should not be there by
--   undoing the use or by an adjustment, and report it as a bug.
-- Counts: choice
--
-- Whoever was ever merged is left out: whose word came first changed with it. What is not offered
-- under the word any more binds nobody, so each is looked at by the version it was decided under.
with offered as (
    select * from jsonb_to_recordset($1::jsonb -> 'choices')
               as o (program_id int, version int, kind text, id text, word text, per text, zone text)
), mixed as (
    select program_id, from_id as member_id from member_merge union
    select program_id, into_id from member_merge
), said as (
    select c.program_id, c.member_id, c.choice_id, c.word, c.period, c.chosen, c.version,
           c.chosen_at
      from choice c
     where not exists (select from mixed m
                        where m.program_id = c.program_id and m.member_id = c.member_id)
), taken as (
    select r.program_id, r.member_id, r.redemption_id as about, 'reward' as kind, r.reward as id,
           r.version, (r.terms ->> 'limit_period')::int as period, r.opened_at as at
      from redemption r
     where r.state in ('held', 'captured') and (r.terms ->> 'limit_counter')::int <> 0
    union all
    select u.program_id, u.member_id, u.use_id, 'benefit', u.benefit, u.version,
           (u.terms ->> 'period')::int, u.used_at
      from benefit_use u
     where u.state <> 'undone' and (u.terms ->> 'counter')::int <> 0
), had as (
    select t.*, o.word
      from taken t
      join offered o on o.program_id = t.program_id and o.version = t.version and o.kind = t.kind
                    and o.id = t.id
     where not exists (select from mixed m
                        where m.program_id = t.program_id and m.member_id = t.member_id)
), bound as (
    -- What each of them had said by then, the first of what was still offered.
    select distinct on (h.about) h.*, s.chosen
      from had h
      join said s on s.program_id = h.program_id and s.member_id = h.member_id and s.word = h.word
                 and s.period = h.period and s.chosen_at < h.at
      join offered o on o.program_id = h.program_id and o.version = h.version and o.word = h.word
                    and o.id = s.chosen
     order by h.about, s.chosen_at, s.choice_id
)
select s.program_id, s.member_id, s.choice_id as about, 'nothing of this name is chosen' as wrong
  from said s
 where not exists (select from offered o
                    where o.program_id = s.program_id and o.version = s.version
                      and o.word = s.word and o.id = s.chosen)
union all
select s.program_id, s.member_id, s.choice_id, 'another period than that day'
  from said s
  join offered o on o.program_id = s.program_id and o.version = s.version and o.word = s.word
                and o.id = s.chosen
 cross join lateral (select (s.chosen_at at time zone o.zone)::date as day) d
 where s.period <> case o.per
           when 'day' then d.day - date '0001-01-01' + 1
           when 'week' then to_char(d.day, 'IYYYIW')::int
           when 'month' then to_char(d.day, 'YYYYMM')::int
           when 'year' then to_char(d.day, 'YYYY')::int
           else 0 end
union all
select later.program_id, later.member_id, later.choice_id, 'another was said before'
  from said later
  join said s on s.program_id = later.program_id and s.member_id = later.member_id
             and s.word = later.word and s.period = later.period
             and (s.chosen_at, s.choice_id) < (later.chosen_at, later.choice_id)
  join offered o on o.program_id = later.program_id and o.version = later.version
                and o.word = later.word and o.id = s.chosen
union all
select b.program_id, b.member_id, b.about, 'another had been said'
  from bound b
 where b.chosen <> b.id
union all
select h.program_id, h.member_id, h.about, 'another stands beside it'
  from had h
  join had other on other.program_id = h.program_id and other.member_id = h.member_id
                and other.word = h.word and other.period = h.period
                and (other.kind, other.id) <> (h.kind, h.id)
                and (other.at, other.about) < (h.at, h.about)
 where exists (select from offered o
                where o.program_id = h.program_id and o.version = h.version and o.word = h.word
                  and o.kind = other.kind and o.id = other.id)
   and not exists (select from bound b where b.about = h.about and b.chosen = h.id)
