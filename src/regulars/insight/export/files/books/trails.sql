-- Why each decision came out as it did: the frozen inputs and what each rule gave.
-- Table: trail
-- Delta: appended by activity_id, late returns
-- activity_id act: the activity
-- member_id mem?: the member
-- sale_id act?: of a return: its sale
-- version int: version of the program
-- engine int: revision of the engine
-- steps packed: day, weekday, hour, tier, given, room, member, credit … by name
-- recorded_at instant: when it was decided
select activity_id, member_id, sale_id, version, engine, packed as steps, recorded_at,
       xmin as written
  from trail where program_id = $1
