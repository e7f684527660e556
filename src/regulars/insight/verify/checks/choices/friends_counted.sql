-- I82: A friend who stayed counts once, for whoever brought them, and no more when their referral is
--   undone.
-- Fails when: somebody stands on a tier by friends who are none, or who gave everything back.
-- Do: look at the referral named here; settle the tier by a grant, with the reason; report it.
-- Counts: activity where kind = 'friend-stayed' and actor = 'referral'
--
-- What was brought over from elsewhere was not told here: its actor is the import.
with counted as (
    select a.program_id, a.activity_id, a.member_id, a.external_id, b.activity_id as gone_id
      from activity a
      left join activity b on b.program_id = a.program_id and b.member_id = a.member_id
                          and b.sale_id = a.activity_id
     where a.kind = 'friend-stayed' and a.actor = 'referral'
), family as (
    select m.program_id, m.member_id, coalesce(a.into_id, m.member_id) as stands_as
      from member m left join member_alias a using (program_id, member_id)
)
select c.program_id, c.activity_id as id, c.member_id, c.external_id as referral,
       case when r.referral_id is null then 'is of no referral that was rewarded'
            when f.stands_as is distinct from o.stands_as then 'counts for somebody else'
            else 'counts though the referral was undone, or the other way round' end as wrong
  from counted c
  left join referral r on r.program_id = c.program_id
                      and replace(r.referral_id::text, '-', '') = c.external_id
                      and r.state in ('rewarded', 'retracted')
  left join family f on f.program_id = c.program_id and f.member_id = c.member_id
  left join family o on o.program_id = r.program_id and o.member_id = r.referrer_id
  left join member m on m.program_id = f.program_id and m.member_id = f.stands_as
 where r.referral_id is null
    or f.stands_as is distinct from o.stands_as
    or (r.state = 'retracted') <> (c.gone_id is not null) and m.state <> 'erased'
