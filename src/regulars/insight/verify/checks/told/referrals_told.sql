-- I35: Every referral is told once when it is named, rewarded, rejected or retracted.
-- Fails when: whoever listens was not told what became of a friend, or was told twice.
-- Do: tell those who listen to read the referrals named here anew; report it.
-- Counts: referral
--
-- A purchase that qualifies may come back and another one qualify, so that is told more than once.
with here as (  -- what was named elsewhere was told there
    select * from referral r
     where not exists (select from came_along c
                        where c.program_id = r.program_id and c.about = r.referral_id)
), due as (
    select program_id, 'referral.rejected' as type, referral_id from referral
     where state = 'rejected'
    union all
    select r.program_id, 'referral.rewarded', r.referral_id
      from referral r
      left join came_along c on c.program_id = r.program_id and c.about = r.referral_id
     where r.state in ('rewarded', 'retracted')
       and (c.about is null or r.settled_at >= c.opened_at)
    union all
    select r.program_id, 'referral.retracted', r.referral_id
      from referral r
      left join came_along c on c.program_id = r.program_id and c.about = r.referral_id
     where r.state = 'retracted' and (c.about is null or r.retracted_at >= c.opened_at)
    union all
    select program_id, 'referral.named', referral_id from here
     where state <> 'rejected' or settled_at > named_at
), wanted as (
    select program_id, type, replace(referral_id::text, '-', '') as about from due
), told as (
    select program_id, type, right(replace(payload ->> 'referral_id', '-', ''), 32) as about,
           count(*) as times
      from outbox
     where starts_with(type, 'referral.') and type <> 'referral.qualified'
     group by 1, 2, 3
)
select program_id, type, about, coalesce(t.times, 0) as told, (w.about is not null)::int as due
  from wanted w
  full join told t using (program_id, type, about)
 where coalesce(t.times, 0) <> (w.about is not null)::int
