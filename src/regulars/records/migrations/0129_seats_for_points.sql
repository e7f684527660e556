-- A seat may take points: reserved with it, given back with it until a day, spent then (ADR 0876).

-- ── seats for points ────────────────────────────────────────────────────────────────────────────
-- Which reward a seat takes, none where empty; until when giving it up gives its price back.
alter table gathering add column reward text not null default '';
alter table gathering add column back_until timestamptz;
alter table gathering add constraint gathering_gives_back
    check (back_until is null or (reward <> '' and back_until <= begins_at));

-- What is reserved for a seat, and since when that is taken or given back.
alter table seat add column redemption_id uuid;
alter table seat add column settled_at timestamptz;
alter table seat add constraint seat_settled check (settled_at is null or redemption_id is not null);
create index seat_unsettled on seat (program_id, gathering_id, seat_id)
 where redemption_id is not null and settled_at is null;

-- Since when it is at another time or place, and since when whoever has a seat is told of that.
alter table gathering add column moved_at timestamptz;
alter table seat add column moved_told timestamptz;
create index gathering_moved on gathering (program_id, begins_at) where moved_at is not null;

-- ── journeys that name segments ─────────────────────────────────────────────────────────────────
-- Below which transaction it was looked at who begins; nothing: as far as for all others. Each waits
-- for the segments it names; `journey_reach.waits_tx` was one for all, and is read no more (ADR 0878).
alter table journey add column waits_tx bigint;
update journey j set waits_tx = r.waits_tx
  from journey_reach r where r.program_id = j.program_id and j.state in ('running', 'paused');
