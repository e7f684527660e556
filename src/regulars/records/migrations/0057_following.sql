-- Whoever follows the events knows its cluster; what is sent anew, or is over, moves in portions.

-- ── how far the events were looked at for members ───────────────────────────────────────────────
-- As in `hook_reach`. Where a number is above all of this cluster the house has moved, and by whose
-- numbers it went before nobody wrote down.
alter table delivery_reach
    add column cluster   bigint,                   -- whose numbers of transactions these are
    add column looked_at timestamptz,              -- when, the last time
    add column floor_at  timestamptz;              -- what was recorded up to then was looked at
update delivery_reach r
   set cluster = case when r.below_tx > here.above_tx then 0 else here.cluster end,
       looked_at = now(), floor_at = timestamptz '2000-01-01 00:00Z'
  from (select system_identifier as cluster,
               pg_snapshot_xmax(pg_current_snapshot())::text::bigint as above_tx
          from pg_control_system()) here;
alter table delivery_reach
    alter column cluster set not null,
    alter column looked_at set not null,
    alter column floor_at set not null;

-- ── what is sent anew ───────────────────────────────────────────────────────────────────────────
-- Somebody wants to hear once more of what happened since an instant. Lines are moved back member
-- by member, in the order of their ids; while a long one takes several portions it is not sent.
create table hook_replay (
    program_id integer     not null,
    hook_id    uuid        not null,
    since      timestamptz not null,
    asked_at   timestamptz not null,
    after_id   uuid        not null,               -- all members up to this one are moved back
    within_id  uuid,                               -- whose line takes several portions
    first      bigint,                             -- where that line is to begin
    below      bigint,                             -- down to where it is moved
    moved      bigint      not null default 0,     -- events, so far
    primary key (program_id, hook_id),
    check ((within_id is null) = (first is null) and (within_id is null) = (below is null))
) with (fillfactor = 85);

-- Positions begin anew with each restore of a backup: in which life of the house one was given, as
-- the second in which it began (the first one: 0).
alter table hook_sending add column epoch bigint not null default 0;

-- ── what is looked at while it is not delivered ─────────────────────────────────────────────────
drop index hook_sending_dead;
create index hook_sending_open on hook_sending (program_id, hook_id, state, event_id)
    where state <> 'delivered';

grant select, insert, update, delete on hook_replay to regulars_app;
select fence(array['hook_replay']);
