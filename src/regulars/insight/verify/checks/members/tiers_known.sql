-- I26: Every tier somebody has or had, and every reward somebody took, is in a version of the
--   program.
-- Fails when: a till shows a tier or reward nobody promised.
-- Do: publish a version that names it again, or correct the members who have it; report it.
-- Counts: tier_move
with used as (
    select program_id, 'tier' as kind, tier as name from standing group by program_id, tier
    union
    select program_id, 'tier', to_tier from tier_move group by program_id, to_tier
    union
    select program_id, 'reward', reward from redemption group by program_id, reward
), known as (
    select * from jsonb_to_recordset($1::jsonb -> 'names')
               as n (program_id int, kind text, name text)
)
select program_id, kind, name
  from used u
 where name is not null
   and not exists (select from known k
                    where k.program_id = u.program_id and k.kind = u.kind and k.name = u.name)
