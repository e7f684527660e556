-- I35: Every redemption is told once when it begins and once when it ends, and nothing else is.
-- Fails when: whoever hands out rewards was not told, or was told of one that does not exist.
-- Do: tell those who listen to read the redemptions named here anew; report it.
-- Counts: redemption
--
-- What was won under another number is told of whom they stand under by then; it stays so when the
-- merge is undone.
with due as (
    select program_id, member_id, 'reward.held' as type, redemption_id from redemption
    union all
    select program_id, member_id, 'reward.' || case state when 'returned' then 'captured' else state end, redemption_id
      from redemption
     where state <> 'held'
), wanted as (
    select program_id, member_id, type, replace(redemption_id::text, '-', '') as about from due
), told as (
    select program_id, type, right(replace(payload ->> 'redemption_id', '-', ''), 32) as about,
           count(*) as times, array_agg(member_id) as whom
      from outbox
     where starts_with(type, 'reward.')
     group by 1, 2, 3
)
select program_id, coalesce(w.member_id, t.whom[1]) as member_id, type, about,
       coalesce(t.times, 0) as told, (w.about is not null)::int as due
  from wanted w
  full join told t using (program_id, type, about)
 where coalesce(t.times, 0) <> (w.about is not null)::int
    or (t.whom[1] <> w.member_id
        and not exists (select from member_alias a  -- both are somebody's, or one is the other's
                         where a.program_id = w.program_id and a.member_id = w.member_id
                           and (a.into_id = t.whom[1]
                                or exists (select from member_alias b
                                            where b.program_id = a.program_id
                                              and b.member_id = t.whom[1]
                                              and b.into_id = a.into_id)))
        and not exists (select from member_merge g
                         where g.program_id = w.program_id and g.from_id = w.member_id
                           and g.into_id = t.whom[1]))
