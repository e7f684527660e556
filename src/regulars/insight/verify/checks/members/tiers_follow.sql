-- I26: A member's tier is the one their history of ups and downs ends with.
-- Fails when: somebody has privileges they never reached, or lost some without a reason.
-- Do: the moves decide, the standing follows from them: `regulars rebuild --repair`. Report it.
-- Counts: standing where tier is not null
--
-- No order is taken from clocks: whoever came up to a tier once more often than they left it,
-- stands on it.
with moves as (
    select program_id, member_id, tier, sum(net) as net
      from (select program_id, member_id, to_tier as tier, 1 as net from tier_move
            union all
            select program_id, member_id, from_tier, -1 from tier_move) as ends
     where tier is not null
     group by program_id, member_id, tier
), standings as (
    select program_id, member_id, tier, 1 as net, tier_since, tier_until
      from standing
     where tier is not null
)
select program_id, member_id, tier, coalesce(m.net, 0) as by_moves, coalesce(s.net, 0) as stands,
       s.tier_since, s.tier_until
  from moves m
  full join standings s using (program_id, member_id, tier)
 where coalesce(m.net, 0) <> coalesce(s.net, 0)
union all
select program_id, member_id, tier, null, 1, tier_since, tier_until
  from standings s
 where not exists (select from tier_move m
                    where m.program_id = s.program_id and m.member_id = s.member_id
                      and m.to_tier = s.tier and m.until_at is not distinct from s.tier_until)
    or not exists (select from tier_move m
                    where m.program_id = s.program_id and m.member_id = s.member_id
                      and m.to_tier = s.tier and m.reason <> 'kept'
                      and m.occurred_at = s.tier_since)
union all
select program_id, member_id, null, null, null, tier_since, tier_until
  from standing
 where tier is null and tier_until is not null
