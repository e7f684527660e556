-- Decisions that were made again because something came late; what they booked are entries.
-- Table: restatement
-- Delta: appended by restatement_id
-- restatement_id act: the decision made again
-- activity_id act: the deed that was decided again
-- member_id mem: the member
-- late_id act: what came late; or the number of the version whose rates hold, as the last of an id
-- version int: version of the program
-- engine int: revision of the engine
-- steps packed: day, weekday, hour, tier, given, room, credit … by name
-- recorded_at instant: when it was decided again
select restatement_id, activity_id, member_id, late_id, version, engine, packed as steps,
       recorded_at, xmin as written
  from restatement where program_id = $1
