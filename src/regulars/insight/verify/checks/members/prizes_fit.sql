-- I48: What a prize gave, and took back, stands in the books as it says, to whom it says; every such
--   correction, grant and redemption belongs to one prize, and what reached it is something the member did, or
--   somebody of their team while both were in it.
-- Fails when: somebody got points for a challenge twice, for nothing, or kept what was taken back.
-- Do: settle what is too much by an adjustment, with the reason; report it.
-- Counts: prize
--
-- Who was merged since is read as whom they stand under: points moved to them by other entries.
with booked as (
    select e.program_id, e.entry_id, e.member_id, -sum(p.amount) as units
      from entry e
      join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                    and p.entry_id = e.entry_id and p.account = 14
     where e.kind = 'adjust' and e.actor = 'game'
     group by 1, 2, 3
), family as (
    select m.program_id, m.member_id, coalesce(a.into_id, m.member_id) as stands_as
      from member m left join member_alias a using (program_id, member_id)
), wanted as (
    select program_id, prize_id, member_id, entry_id, units, 'given' as what
      from prize where entry_id is not null
    union all
    select program_id, prize_id, member_id, undone_by, units, 'taken'
      from prize where undone_by is not null
)
select w.program_id, w.prize_id as id, w.entry_id, w.what || ' otherwise than it says' as wrong
  from wanted w
  left join booked b on b.program_id = w.program_id and b.entry_id = w.entry_id
  left join family f on f.program_id = w.program_id and f.member_id = w.member_id
  left join family o on o.program_id = b.program_id and o.member_id = b.member_id
 where b.entry_id is null
    or (w.what = 'given' and b.units <> w.units)
    or (w.what = 'taken' and b.units not between -w.units and -1)
    or (f.stands_as is distinct from o.stands_as
        and not exists (select from member_merge g
                         where g.program_id = w.program_id
                           and (g.from_id = w.member_id or g.into_id = w.member_id)))
union all
select b.program_id, b.entry_id, b.entry_id, 'belongs to ' || count(w.entry_id) || ' prizes'
  from booked b
  left join wanted w on w.program_id = b.program_id and w.entry_id = b.entry_id
 group by 1, 2
having count(w.entry_id) <> 1
union all
select g.program_id, g.grant_id, null, 'granted for ' || count(p.prize_id) || ' prizes'
  from benefit_grant g
  left join prize p on p.program_id = g.program_id and p.grant_id = g.grant_id
 where g.actor = 'game'
 group by 1, 2
having count(p.prize_id) <> 1
union all
select p.program_id, p.prize_id, null, 'its grant is not there'
  from prize p
 where p.grant_id is not null
   and not exists (select from benefit_grant g
                    where g.program_id = p.program_id and g.grant_id = p.grant_id)
   and not exists (select from came_along c  -- used up elsewhere
                    where c.program_id = p.program_id and c.about = p.prize_id)
union all
select r.program_id, r.redemption_id, null, 'won for ' || count(p.prize_id) || ' prizes'
  from redemption r
  left join prize p on p.program_id = r.program_id and p.redemption_id = r.redemption_id
 where r.actor = 'game'
 group by 1, 2
having count(p.prize_id) <> 1
union all
select p.program_id, p.prize_id, null, 'its reward is not there, or does not stand as it does'
  from prize p
  left join redemption r on r.program_id = p.program_id and r.redemption_id = p.redemption_id
 where p.reward <> ''
   and not coalesce(r.reward = p.reward and r.version = p.version
                    and case when r.terms ->> 'kind' = 'item'
                             -- Kept for its winner until it is fetched, lapses or is given back.
                             then p.undone_at is null or r.state = 'voided'
                             else r.state = case when p.undone_at is null then 'captured'
                                                 else 'returned' end end,
                    false)
   and not exists (select from came_along c  -- issued elsewhere
                    where c.program_id = p.program_id and c.about = p.prize_id)
union all
select p.program_id, p.prize_id, null, 'what reached it was not done then'
  from prize p
 where p.deed_id is not null
   and not exists (select from activity a
                    where a.program_id = p.program_id and a.activity_id = p.deed_id
                      and a.occurred_at = p.reached_at and a.sale_id is null)
   and not exists (select from came_along c  -- done elsewhere, and not brought over
                    where c.program_id = p.program_id and c.about = p.prize_id)
union all
select p.program_id, p.prize_id, null, 'somebody else reached it, who was in no team with them'
  from prize p
  join activity a on a.program_id = p.program_id and a.activity_id = p.deed_id
  join family f on f.program_id = p.program_id and f.member_id = p.member_id
  join family o on o.program_id = a.program_id and o.member_id = a.member_id
 where p.game = 'challenge' and f.stands_as <> o.stands_as
   and not exists (select from member_merge g
                    where g.program_id = p.program_id
                      and (g.from_id in (p.member_id, a.member_id)
                           or g.into_id in (p.member_id, a.member_id)))
   and not exists (select from team_place mine
                     join team_place theirs using (program_id, team_id)
                     join family m on m.program_id = mine.program_id
                                  and m.member_id = mine.member_id
                     join family t on t.program_id = theirs.program_id
                                  and t.member_id = theirs.member_id
                     join team on team.program_id = mine.program_id
                              and team.team_id = mine.team_id and team.challenge = p.name
                    where mine.program_id = p.program_id
                      and m.stands_as = f.stands_as and t.stands_as = o.stands_as
                      and p.reached_at >= mine.since
                      -- Who leaves at the very instant had it until they are looked at.
                      and (mine.until is null or p.reached_at <= mine.until)
                      and p.reached_at >= theirs.since
                      and (theirs.until is null or p.reached_at <= theirs.until))
union all
select p.program_id, min(p.prize_id::text)::uuid, null, 'stands ' || count(*) || ' times'
  from prize p
 where p.undone_at is null
 group by p.program_id, p.member_id, p.game, p.name, p.about, p.began_on, p.place
having count(*) > 1
