-- Tiers that somebody gave by hand, and those that were ended by hand.
select coalesce(m.into_id, t.member_id) as member_id, t.turn_id, t.what, t.at, t.until_at,
       t.grant_id, g.tier, g.kind, g.asks
  from tier_turn t
  join tier_grant g using (program_id, member_id, grant_id)
  left join member_merge m on m.program_id = t.program_id and m.from_id = t.member_id
                          and t.at > m.merged_at
                          and (m.unmerged_at is null or t.at < m.unmerged_at)
 where t.program_id = $1 and t.at < $2 and t.what in ('begun', 'ended')
