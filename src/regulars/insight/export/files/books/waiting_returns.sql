-- Returns that wait for their sale, or did.
-- Table: waiting_return
-- Delta: whole
-- activity_id act: the id the return has
-- command packed: all that was told
-- recorded_at instant: when we were told
-- settled_at instant?: when it met its sale
-- refused_at instant?: when it could not be taken
select activity_id, command, recorded_at, settled_at, refused_at
  from waiting_return where program_id = $1
