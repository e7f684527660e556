-- What members chose, were granted, take part in and had already that is no points: each line is a thing, and its
-- row says it as it is kept. Of erased members in the books alone, and so is what is over; tiers given by hand are here
-- also when they are over, since later ones go by them.
-- Table: choice
-- Delta: whole
-- member_id mem: the member
-- kind text: choice, grant, membership, trial, friend_code, referral, friends, part, prize, team, place, taken, household, tier, spent
-- id uuid: its number, by which it comes once
-- row json: as in the books: `choices`, `benefit_grants` (`times` that are left), the last of `membership_turns`, `trials`, `referral_codes`, `referrals`, `referral_milestones`, `challenge_parts`, `prizes`, `teams`, `team_places`; of a reward that was `taken` its name and when; a `household` under its head, with the `places` of all who belong to it and the `names` they are found by; of a `tier` given by hand (`tier_grants`) also when it began and ended, and what stood behind it; what minors and buyers `spent` within a year: wallet, units in the wallet's smallest and when, with their `names`
with named as (
    select i.member_id, jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value)
                                  order by i.kind, i.value) as names
      from identifier i
     where i.program_id = $1 and i.kind in ('phone', 'email', 'card', 'external')
       and i.member_id in (select member_id from household_member
                            where program_id = $1 and left_at is null)
     group by i.member_id
), had as (
    select c.member_id, 'choice' as kind, c.choice_id as id, to_jsonb(c) as row
      from choice c where c.program_id = $1
    union all
    select g.member_id, 'grant', g.grant_id, to_jsonb(g)
           || jsonb_build_object('times', g.times - u.used, 'until_at', e.until_at)
      from benefit_grant g
     cross join lateral (select coalesce(sum(coalesce((u.terms ->> 'times')::int, 1)), 0)::int as used
                           from benefit_use u
                          where u.program_id = $1 and u.grant_id = g.grant_id
                            and u.state <> 'undone') u
     cross join lateral (select least(g.until_at, max(z.undone_at)) as until_at from prize z
                          where z.program_id = $1 and z.grant_id = g.grant_id) e
     where g.program_id = $1 and g.times > u.used and (e.until_at is null or e.until_at > program_now($1))
    union all
    select t.member_id, 'membership', t.membership_id, to_jsonb(t)
      from (select distinct on (membership_id) * from membership_turn
             where program_id = $1 order by membership_id, step desc) t
     where t.state <> 'ended'
    union all
    select t.member_id, 'trial', t.digest, to_jsonb(t) from trial_taken t where t.program_id = $1
    union all
    select r.member_id, 'friend_code', md5('friend_code ' || r.code)::uuid, to_jsonb(r)
      from referral_code r where r.program_id = $1
    union all
    select r.member_id, 'referral', r.referral_id, to_jsonb(r)
           || jsonb_build_object('wallet', w.name, 'referrer_id', coalesce(a.into_id, r.referrer_id))
      from referral r
      join program_code w on w.program_id = $1 and w.kind = 'wallet' and w.code = r.wallet
      left join member_alias a on a.program_id = $1 and a.member_id = r.referrer_id
     where r.program_id = $1 and r.state <> 'rejected'
    union all
    select m.member_id, 'friends', m.entry_id, to_jsonb(m) || jsonb_build_object('wallet', w.name)
      from referral_milestone m
      join program_code w on w.program_id = $1 and w.kind = 'wallet' and w.code = m.wallet
     where m.program_id = $1 and m.undone_at is null
    union all
    select p.member_id, 'part', p.part_id, to_jsonb(p)
      from challenge_part p where p.program_id = $1
    union all
    select p.member_id, 'prize', p.prize_id, to_jsonb(p)
      from prize p where p.program_id = $1 and p.undone_at is null
    union all
    select coalesce(f.member_id, t.member_id), 'team', t.team_id, to_jsonb(t)
      from team t
      join lateral (select member_id from team_place p
                     where p.program_id = $1 and p.team_id = t.team_id and p.until is null
                     order by p.member_id <> t.member_id, p.since limit 1) f on true
     where t.program_id = $1
    union all
    select p.member_id, 'place', p.place_id, to_jsonb(p)
      from team_place p where p.program_id = $1 and p.until is null
    union all
    select * from (
        select distinct on (k.member_id, k.reward) k.member_id, 'taken', k.id,
               jsonb_build_object('reward', k.reward, 'at', k.at)
          from (select member_id, reward, redemption_id as id, opened_at as at from redemption
                 where program_id = $1
                   and (state = 'captured' or (state = 'held' and lapses_at > program_now($1)))
                union all
                select member_id, name, about, at from came_along
                 where program_id = $1 and kind = 'taken') k
         order by k.member_id, k.reward, k.at desc) t
    union all
    select p.member_id, 'household', p.household_id,
           to_jsonb(h) || jsonb_build_object('places', (
               select jsonb_agg(to_jsonb(o) || jsonb_build_object(
                                    'names', coalesce(n.names, '[]'))
                                order by o.joined_at, o.member_id)
                 from household_member o
                 left join named n on n.member_id = o.member_id
                where o.program_id = $1 and o.household_id = p.household_id and o.left_at is null
                  and not exists (select from erasure x where x.program_id = $1
                                     and x.member_id = o.member_id)))
      from household_member p join household h using (program_id, household_id)
     where p.program_id = $1 and p.left_at is null and p.role = 'head'
    union all
    select g.member_id, 'tier', g.grant_id,
           to_jsonb(g) || jsonb_build_object(
               'begun_at', b.at, 'begun_by', b.actor, 'until_at', b.until_at, 'was_tier', b.was_tier,
               'was_until', b.was_until, 'had', coalesce(b.had, 0), 'closed_at', c.at,
               'closed_as', c.what, 'closed_by', c.actor, 'closed_because', c.reason)
      from tier_grant g
      left join tier_turn b on b.program_id = $1 and b.member_id = g.member_id
                           and b.grant_id = g.grant_id and b.what = 'begun'
      left join tier_turn c on c.program_id = $1 and c.member_id = g.member_id
                           and c.grant_id = g.grant_id and c.what <> 'begun'
     where g.program_id = $1
       and (b.at is not null or c.at is null)
    union all
    select s.member_id, 'spent', s.id,
           jsonb_build_object('wallet', s.wallet, 'units', s.units, 'at', s.at,
                              'names', coalesce(n.names, '[]'))
      from (select coalesce((r.terms ->> 'pays_for')::uuid, r.member_id) as member_id,
                   md5('spent ' || h.hold_id)::uuid as id, w.name as wallet, h.captured as units,
                   r.opened_at as at
              from redemption r
              join hold h on h.program_id = $1 and h.member_id = r.member_id
                         and h.redemption_id = r.redemption_id
              join program_code w on w.program_id = $1 and w.kind = 'wallet' and w.code = h.wallet
             where r.program_id = $1 and r.state = 'captured' and h.captured > 0
            union all
            select member_id, about, name, units, at from came_along
             where program_id = $1 and kind = 'spent') s
      join household_member p on p.program_id = $1 and p.member_id = s.member_id
                             and p.left_at is null and p.role in ('minor', 'buyer')
      left join named n on n.member_id = s.member_id
     where s.at > program_now($1) - interval '367 days'
)
select coalesce(a.into_id, h.member_id) as member_id, h.kind, h.id, h.row
  from had h
  left join member_alias a on a.program_id = $1 and a.member_id = h.member_id
 where not exists (select from erasure x
                    where x.program_id = $1
                      and x.member_id in (h.member_id, coalesce(a.into_id, h.member_id)))
