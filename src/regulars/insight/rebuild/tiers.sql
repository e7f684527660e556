-- A member stands on the tier they came up to once more often than they left it; no order is
-- taken from clocks for that. Since when and until when say the last moves to that tier.
with ends as (
    select program_id, member_id, to_tier as tier, 1 as net from tier_move where to_tier is not null
    union all
    select program_id, member_id, from_tier, -1 from tier_move where from_tier is not null
), nets as (
    select program_id, member_id, tier
      from ends
     group by program_id, member_id, tier
    having sum(net) > 0
), clear as (
    -- Who would stand on two tiers at once has moves that are wrong themselves.
    select program_id, member_id, min(tier) as tier
      from nets
     group by program_id, member_id
    having count(*) = 1
), last_until as (
    select distinct on (program_id, member_id, to_tier)
           program_id, member_id, to_tier as tier, until_at
      from tier_move
     order by program_id, member_id, to_tier, move_id desc
), last_since as (
    select distinct on (program_id, member_id, to_tier)
           program_id, member_id, to_tier as tier, occurred_at
      from tier_move
     where reason <> 'kept'
     order by program_id, member_id, to_tier, move_id desc
), due as (
    select s.program_id, s.member_id, s.tier, s.tier_since, s.tier_until, c.tier as tier_due,
           case when c.tier is null then s.tier_since else f.occurred_at end as tier_since_due,
           u.until_at as tier_until_due
      from standing s
      left join clear c using (program_id, member_id)
      left join last_until u on u.program_id = s.program_id and u.member_id = s.member_id
                            and u.tier = c.tier
      left join last_since f on f.program_id = s.program_id and f.member_id = s.member_id
                            and f.tier = c.tier
     where c.tier is not null
        or not exists (select from nets n
                        where n.program_id = s.program_id and n.member_id = s.member_id)
)
select * from due
 where tier is distinct from tier_due
    or tier_since is distinct from tier_since_due
    or tier_until is distinct from tier_until_due
