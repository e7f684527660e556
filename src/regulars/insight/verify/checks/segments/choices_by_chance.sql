-- I103: What was chosen for a member is what chance drew or what was expected to bring most, with the chance that is written, and they were given it.
-- Fails when: somebody chooses otherwise than was said, so that what is compared is not alike.
-- Do: do not trust what is said of the effect of the choices named here; report it.
-- Counts: offer_choice_made
--
-- Chance is a digest of choice and member: four bytes say which, four whether by chance (ADR 0810).
with drawn as (
    select m.program_id, m.choice_id, m.member_id, m.arm, m.best, m.chance, c.explore_percent,
           c.offers, c.nothing, cardinality(c.offers) + c.nothing::int as many,
           sha256(uuid_send(m.choice_id) || uuid_send(m.member_id)) as digest
      from offer_choice_made m join offer_choice c using (program_id, choice_id)
), said as (
    select d.*, ('x' || encode(substring(digest from 1 for 4), 'hex'))::bit(32)::bigint * many >> 32
               as by_chance,
           best is null or ('x' || encode(substring(digest from 5 for 4), 'hex'))::bit(32)::bigint
               * 100 >> 32 < explore_percent as explores
      from drawn d
)
select program_id, choice_id, member_id, 'chosen otherwise' as wrong
  from said
 where arm <> case when explores then by_chance else best end
    or chance <> case when best is null then 100
                      else explore_percent
                           + (arm = best)::int * (100 - explore_percent) * many end
union all
select s.program_id, s.choice_id, s.member_id, 'was not given it'
  from said s
 where not (s.nothing and s.arm = 0)
   and not exists (select from offer_member o
                    where o.program_id = s.program_id and o.member_id = s.member_id
                      and o.offer_id = s.offers[s.arm + 1 - s.nothing::int])
