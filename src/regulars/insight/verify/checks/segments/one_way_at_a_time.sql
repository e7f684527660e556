-- I93: Nobody goes through the same journey twice at a time, nor again sooner than its plan lets them.
-- Fails when: somebody is welcomed twice, or gets a birthday letter every week.
-- Do: pause the journey named here and report it; who is named twice was let begin by us, not by the shop.
-- Counts: journey_run
--
-- The plan that counts is the one they began with the second time. They began when it happened, which the worker saw up
-- to a day later.
with ways as (
    select r.program_id, r.journey_id, r.member_id, r.run_id, r.version, r.begun_at,
           lag(r.run_id) over each_one as before,
           lag(r.ended_at) over each_one as before_ended
      from journey_run r
    window each_one as (partition by r.program_id, r.journey_id, r.member_id
                        order by r.begun_at, r.run_id)
)
select w.program_id, w.journey_id, w.member_id, w.run_id, w.begun_at, 'again' as wrong
  from ways w join journey_version v using (program_id, journey_id, version)
 where w.before is not null
   and (w.before_ended is null or v.plan ->> 'again_days' is null
        or w.begun_at < w.before_ended - interval '1 day'
                        + make_interval(days => (v.plan ->> 'again_days')::int))
union all
select r.program_id, r.journey_id, r.member_id, r.run_id, r.begun_at, 'by no plan'
  from journey_run r left join journey_version v using (program_id, journey_id, version)
 where v.plan is null
union all
select r.program_id, r.journey_id, r.member_id, r.run_id, r.begun_at, 'is no member'
  from journey_run r left join member m using (program_id, member_id)
 where m.member_id is null
