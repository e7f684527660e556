-- I94: Nobody is stuck on their way: of a journey that runs every member moves within a day of their time, and whoever
--   is on their way through one that is over goes no further.
-- Fails when: somebody waits for a message for ever, and nobody notices.
-- Do: see that the worker runs and what its log says of `journeys`; then report it with the rows named here.
-- Counts: journey_run
--
-- What counts is when the worker last found nobody whose time had come.
select r.program_id, r.journey_id, r.member_id, r.run_id, r.step, r.due_at, j.state
  from journey_run r join journey j using (program_id, journey_id)
  join journey_reach w using (program_id)
 where r.ended_at is null
   and ((j.state = 'running' and greatest(r.due_at, j.begins_at) < w.walked_at - interval '1 day')
        or (j.state = 'ended' and j.ended_at < w.walked_at - interval '1 day')
        or j.state = 'draft')
union all
select r.program_id, r.journey_id, r.member_id, r.run_id, r.step, r.due_at, 'is of no step'
  from journey_run r join journey_version v using (program_id, journey_id, version)
 where not exists (select from jsonb_array_elements(v.plan -> 'steps') s where s ->> 'id' = r.step)
