-- I26: A tier that changed with the terms is what the version's changeover says, dated when it came;
--   once everybody came through it, nobody stands on a step that is no more.
-- Fails when: a change of the ladder took or gave tiers it did not promise, or left somebody out.
-- Do: look at `GET /v1/programs/versions` for the version named here; report it.
-- Counts: standing where tier is not null
--
-- A move names its version by number, as `00000000-0000-0000-0000-` and twelve digits. Whoever the
-- walk could not bring through is parked and shown by `regulars doctor`.
with plans as (
    select * from jsonb_to_recordset($1::jsonb -> 'changeovers')
               as p (program_id int, version int, since timestamptz, members text, until boolean,
                     ladder text[])
), named as (
    select p.*, ('00000000-0000-0000-0000-' || lpad(to_hex(version), 12, '0'))::uuid as cause_id
      from plans p
), moved as (
    select m.program_id, m.member_id, m.move_id, m.reason, m.from_tier, m.to_tier, m.occurred_at,
           n.version, n.since, n.members, n.until, n.ladder
      from tier_move m
      left join named n on n.program_id = m.program_id and n.cause_id = m.cause_id
     where m.reason = 'terms' or (m.reason = 'kept' and n.version is not null)
)
select program_id, member_id, move_id, version, reason, from_tier, to_tier, occurred_at, since
  from moved
 where version is null or occurred_at <> since
    or (reason = 'kept') <> (members = 'keep')
    or (reason = 'kept' and (not until or from_tier is distinct from to_tier))
    or (reason = 'terms' and to_tier is not null and not to_tier = any(ladder))
    or (reason = 'terms' and members <> 'full'
        and array_position(ladder, to_tier) <= array_position(ladder, from_tier))
union all
select s.program_id, s.member_id, null, n.version, 'left out', s.tier, null, s.tier_since, n.since
  from standing s
  join changeover_walk w on w.program_id = s.program_id and w.done_at is not null
  join plans n on n.program_id = w.program_id and n.version = w.version and n.members <> 'keep'
              and n.since = w.cut_at
 where s.tier is not null and not s.tier = any(n.ladder)
   and not exists (select from plans later where later.program_id = n.program_id
                                             and later.since > n.since)
   and not exists (select from parked_member p
                    where p.program_id = s.program_id and p.member_id = s.member_id
                      and p.settled_at is null)
   -- A tier given by hand keeps its name until it ends.
   and not exists (select from tier_grant g
                     join tier_turn t using (program_id, member_id, grant_id)
                    where g.program_id = s.program_id and g.member_id = s.member_id
                      and g.tier = s.tier and t.what = 'begun'
                      and not exists (select from tier_turn e
                                       where e.program_id = g.program_id
                                         and e.grant_id = g.grant_id and e.what = 'ended'))
