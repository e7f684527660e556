-- What comes back of a campaign is counted with it, and too much of it pauses it (ADR 0818, 0819).

-- ── what comes back ─────────────────────────────────────────────────────────────────────────────
-- Of a message that was sent: nobody is at its address, or its reader called it unwanted.
alter table campaign_message
    add column returned    text check (returned in ('hard', 'complaint')),
    add column returned_at timestamptz,        -- when we heard of it
    add constraint campaign_message_back check ((returned is null) = (returned_at is null));
create index campaign_message_returned on campaign_message (program_id, campaign_id, returned_at)
    where returned is not null;

-- A campaign that pauses by itself keeps its state; of one that pauses nothing goes out.
alter table campaign
    add column paused_at   timestamptz,
    add column paused_why  text not null default '' check (paused_why in ('', 'bounces', 'complaints')),
    add column judged_at   timestamptz,        -- what came back until then was looked at
    add column judged_from timestamptz,        -- somebody let it go on: what was sent since is judged
    add constraint campaign_paused check ((paused_at is null) = (paused_why = ''));

alter table alert drop constraint alert_kind_check;
alter table alert add constraint alert_kind_check
    check (kind in ('velocity', 'share', 'joins', 'by_hand', 'lookups', 'bounces', 'complaints'));
