-- What we told the world, in the order it was queued; not what was retold of it in the words of
-- other systems.
-- Table: outbox
-- Delta: appended by event_id
-- event_id uuid: the event
-- member_id mem: the member
-- sequence int: version of the member's standing it belongs to
-- type text: such as points.earned
-- payload json: what it says
-- recorded_at instant: when it was queued
select outbox_id as event_id, member_id, sequence, type, payload, recorded_at, xmin as written
  from outbox where program_id = $1 and type not like 'loyalty.%'
