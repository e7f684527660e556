-- Journeys: what is said step by step, and how many went through.
-- Table: journey
-- Delta: whole
-- code text: its code
-- name text: what it is called
-- plan json: what begins it, its steps, what ends it: the latest
-- state text: draft, running, paused or ended
-- begun int: how many times members began it
-- made_at instant: when it was begun
-- made_by text: by whom
-- begins_at instant?: what happened from then on begins it
-- published_by text?: by whom
-- ended_at instant?: when it was over
select j.code, j.name, v.plan, j.state,
       (select count(*) from journey_run r
         where r.program_id = $1 and r.journey_id = j.journey_id) as begun,
       j.made_at, j.made_by, j.begins_at, j.published_by, j.ended_at
  from journey j join journey_version v using (program_id, journey_id, version)
 where j.program_id = $1
