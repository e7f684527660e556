-- Segments: what they are called, and the condition that counts.
-- Table: segment
-- Delta: whole
-- code text: its code
-- name text: what it is called
-- kind text: by a condition (rule) or by hand (list)
-- condition json?: what is asked of a member, as it counts or was written last; nothing of a list
-- counts int: 1 where it is saved, 0 of a draft
-- made_at instant: when it was made
-- made_by text: by whom
select s.code, s.name, s.kind, nullif(v.condition, 'null'::jsonb) as condition,
       (s.saved is not null)::int as counts, s.made_at, s.made_by
  from segment s join segment_version v using (program_id, segment_id)
 where s.program_id = $1 and v.version = coalesce(s.saved, s.version)
