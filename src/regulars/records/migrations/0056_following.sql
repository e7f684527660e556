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
