-- I20, I55: No rule gave a member more than its limit allows in that day, week, month or year,
--   nor again while it rests, and no activity gave more than there is at once.
-- Fails when: a capped promotion cost more than you said it may.
-- Do: find the purchases of the members named here and decide whether to take the surplus back by
--   an adjustment; report it as a bug.
-- Counts: trail
-- Fold: sales
--
-- The rows are all kept decisions, each purchase with its returns, and what was decided again; of
-- members who were merged with the one they stand under, whose limit is then as large as theirs
-- together.
select t.program_id, coalesce(a.into_id, t.member_id) as member_id, t.sale_id, t.activity_id,
       t.packed
  from (select program_id, member_id, coalesce(sale_id, activity_id) as sale_id, activity_id,
               packed
          from trail
        union all
        select program_id, member_id, activity_id, restatement_id, packed from restatement) t
  left join member_alias a using (program_id, member_id)
 order by t.program_id, coalesce(a.into_id, t.member_id), t.sale_id
