-- Who may do no more than the program lets blocked members do, and who let them go again.
-- Table: block
-- Delta: appended by block_id
-- block_id uuid: its number
-- member_id mem: the member
-- blocked text: true, or false when they were let go
-- before text: the state it ended
-- actor text: who decided it
-- reason text: why
-- recorded_at instant: when
select block_id, member_id, blocked::text as blocked, before, actor, reason, recorded_at,
       xmin as written
  from block where program_id = $1
