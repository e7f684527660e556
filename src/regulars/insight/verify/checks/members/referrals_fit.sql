-- I47: What a referral gave, and took back, stands in the books as it says, to whom it says, and not
--   before its purchase counted as kept; every such correction belongs to one referral or milestone.
-- Fails when: somebody got points for a friend twice, too early or for nobody, or a newcomer counts
--   for two.
-- Do: settle what is too much by an adjustment, with the reason; report it.
-- Counts: referral
--
-- Who was merged since is read as whom they stand under: points moved to them by other entries.
with gave as (
    select program_id, referral_id, referrer_id as member_id, referrer_entry as entry_id,
           referrer_units as units
      from referral where referrer_entry is not null
    union all
    select program_id, referral_id, member_id, newcomer_entry, newcomer_units
      from referral where newcomer_entry is not null
    union all
    select program_id, entry_id, member_id, entry_id, units from referral_milestone m
     where not exists (select from came_along c  -- given elsewhere: its points came as points
                        where c.program_id = m.program_id and c.about = m.entry_id)
), took as (
    select program_id, referral_id, referrer_id as member_id, referrer_back as entry_id,
           referrer_units as units
      from referral where referrer_back is not null
    union all
    select program_id, referral_id, member_id, newcomer_back, newcomer_units
      from referral where newcomer_back is not null
    union all
    select program_id, entry_id, member_id, undone_by, units
      from referral_milestone where undone_by is not null
), booked as (
    select e.program_id, e.entry_id, e.member_id, -sum(p.amount) as units
      from entry e
      join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                    and p.entry_id = e.entry_id and p.account = 14
     where e.kind = 'adjust' and e.actor = 'referral'
     group by 1, 2, 3
), family as (
    select m.program_id, m.member_id, coalesce(a.into_id, m.member_id) as stands_as
      from member m left join member_alias a using (program_id, member_id)
), wanted as (
    select g.program_id, g.referral_id, g.member_id, g.entry_id, g.units, 'given' as what from gave g
    union all
    select t.program_id, t.referral_id, t.member_id, t.entry_id, t.units, 'taken' from took t
), friends as (
    select r.program_id, f.stands_as, count(*) as friends
      from referral r
      join family f on f.program_id = r.program_id and f.member_id = r.referrer_id
     where r.state = 'rewarded'
     group by 1, 2
)
select w.program_id, w.referral_id as id, w.entry_id, w.what || ' otherwise than it says' as wrong
  from wanted w
  left join booked b on b.program_id = w.program_id and b.entry_id = w.entry_id
  left join family f on f.program_id = w.program_id and f.member_id = w.member_id
  left join family o on o.program_id = b.program_id and o.member_id = b.member_id
 where b.entry_id is null
    or (w.what = 'given' and b.units <> w.units)
    or (w.what = 'taken' and b.units not between -w.units and -1)
    or f.stands_as is distinct from o.stands_as
union all
select b.program_id, b.entry_id, b.entry_id, 'belongs to ' || count(w.entry_id) || ' referrals'
  from booked b
  left join wanted w on w.program_id = b.program_id and w.entry_id = b.entry_id
 group by 1, 2
having count(w.entry_id) <> 1
union all
select program_id, referral_id, null, 'rewarded before its purchase counted as kept'
  from referral where state in ('rewarded', 'retracted') and settled_at < due_at
union all
select r.program_id, r.referral_id, null, 'its purchase is not there'
  from referral r
 where r.sale_id is not null
   and not exists (select from activity a
                    where a.program_id = r.program_id and a.activity_id = r.sale_id
                      and a.kind = 'purchase')
   and not exists (select from came_along c  -- made elsewhere, and not brought over
                    where c.program_id = r.program_id and c.about = r.referral_id
                      and c.opened_at >= r.settled_at)
union all
select r.program_id, r.referral_id, null, 'its newcomer was brought already'
  from referral r
  join family f on f.program_id = r.program_id and f.member_id = r.member_id
 where r.state in ('rewarded', 'retracted')
   and exists (select from family g
                 join referral o on o.program_id = g.program_id and o.member_id = g.member_id
                where g.program_id = f.program_id and g.stands_as = f.stands_as
                  and o.state <> 'rejected' and o.referral_id < r.referral_id)
   and not exists (select from member_merge m
                    where m.program_id = f.program_id and m.into_id = f.stands_as
                      and m.merged_at >= r.settled_at)
union all
select m.program_id, m.entry_id, m.entry_id, 'has not so many friends'
  from referral_milestone m
  join family f on f.program_id = m.program_id and f.member_id = m.member_id
  left join friends n on n.program_id = f.program_id and n.stands_as = f.stands_as
 where m.undone_at is null and coalesce(n.friends, 0) < m.friends
   and not exists (select from member_merge g
                    where g.program_id = m.program_id
                      and (g.from_id = m.member_id or g.into_id = m.member_id))
