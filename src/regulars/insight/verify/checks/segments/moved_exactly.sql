-- I91: Whoever is in a segment came by exactly the moves that are kept, since it was filled.
-- Fails when: a journey begins twice for a member, or never; a list says who came and hides some.
-- Do: report it with the rows named here. Saving the segment again, with another condition and
--   back, fills it anew, without moves.
-- Counts: segment_member
--
-- Filling without moves leaves those in it who were; from then on each member comes and goes by
-- turns, and the last move is how they stand.
with since as (
    select program_id, segment_id, filled, filled_at from segment
     where filled is not null and filled_at is not null
), moved as (
    select v.program_id, v.segment_id, v.member_id, v.at, v.entered,
           lag(v.entered) over each_one as before,
           lead(v.at) over each_one is null as last
      from segment_move v join since s using (program_id, segment_id)
     where v.version = s.filled and v.at >= s.filled_at
    window each_one as (partition by v.program_id, v.segment_id, v.member_id order by v.at)
), standing_now as (
    select k.program_id, k.segment_id, k.member_id, k.since, s.filled_at
      from segment_member k join since s using (program_id, segment_id)
)
select program_id, segment_id, member_id, at, entered, 'twice' as wrong
  from moved where before = entered
union all
select program_id, segment_id, member_id, coalesce(m.at, k.since), coalesce(m.entered, true),
       case when m.member_id is null then 'never came'
            when k.member_id is null then 'came and is not there'
            when m.entered then 'came at another time' else 'went and is there' end
  from (select * from moved where last) m
  full join standing_now k using (program_id, segment_id, member_id)
 where (m.member_id is null and k.since > k.filled_at)
    or (m.member_id is not null and m.entered is distinct from (k.member_id is not null))
    or (m.entered and k.since <> m.at)
