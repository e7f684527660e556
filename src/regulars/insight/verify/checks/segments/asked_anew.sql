-- I90: Who is in a segment is who fits its condition, asked anew; looked at in a sample.
-- Fails when: letters go to members they were not meant for, or do not reach those they were.
-- Do: the condition decides. Save the segment again, with another name and back: it is filled
--   anew. Report it with the rows named here.
-- Counts: segment
-- Fold: segments
--
-- The saved segments, and whether the members of each stand by what is saved; they are asked by
-- the statement that counts them, as of the day as of which they stand (insight/segments/again.py).
with reach as (
    select r.program_id, r.below_tx from segment_reach r
      join prepared_reach p using (program_id, cluster)
     where p.after_id is null and p.gaps_after is null
)
select s.program_id, s.segment_id, s.code, s.kind, v.condition::text as condition, s.filled_by,
       s.filled_on, r.below_tx, coalesce(s.filled = s.saved, false) as stands
  from segment s join segment_version v using (program_id, segment_id)
  join reach r using (program_id)
 where v.version = s.saved
 order by s.program_id, s.code
