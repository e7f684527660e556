-- Campaigns: one message to all of a segment, each at most once (ADR 0732, 0733).

-- ── campaigns ───────────────────────────────────────────────────────────────────────────────────
-- What is said to whom, by which way and when, and how far it came.
create table campaign (
    program_id   integer     not null,
    campaign_id  uuid        not null,
    code         text        not null check (code ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(code) <= 40),
    name         text        not null check (length(name) between 1 and 80),
    segment_id   uuid        not null,
    channel      text        not null check (channel in ('email', 'sms', 'inbox')),
    says         jsonb       not null,           -- by language what it says: about, text
    held_percent integer     not null check (held_percent between 0 and 50),
    send_at      timestamptz,                    -- not before; null: as soon as it may
    local        boolean     not null,           -- that hour by the clock of each member
    state        text        not null check (state in ('draft', 'checked', 'approved', 'queueing', 'sending', 'sent', 'stopped')),
    version      integer     not null check (version >= 1),
    made_at      timestamptz not null,
    made_by      text        not null check (made_by <> ''),
    changed_at   timestamptz not null,
    changed_by   text        not null check (changed_by <> ''),
    audience     integer     check (audience >= 0),   -- how many were in the segment when it was checked
    approved_at  timestamptz,
    approved_by  text,
    queued_at    timestamptz,                    -- who was in the segment then is written to
    queued_after uuid,                           -- all up to this member have their row
    holds_out    boolean     not null default false,  -- whether somebody is held out, as decided then
    ended_at     timestamptz,
    ended_by     text,
    primary key (program_id, campaign_id)
);
create unique index campaign_code on campaign (program_id, code);
create index campaign_working on campaign (program_id) where state in ('approved', 'queueing', 'sending');

-- What became of it with each member: one row, so nobody is written to twice.
create table campaign_message (
    program_id  integer     not null,
    campaign_id uuid        not null,
    member_id   uuid        not null,
    message_id  uuid        not null default gen_random_uuid(),  -- nobody guesses it: it is in letters
    state       text        not null check (state in ('waiting', 'sending', 'sent', 'unknown', 'skipped', 'held_out')),
    reason      text        not null default '',
    detail      text        not null default '',  -- what the provider says of it, on one line
    address     bytea,                          -- a keyed digest of where it was sent
    attempts    smallint    not null default 0,
    try_at      timestamptz not null,
    taken_at    timestamptz,                    -- since then it counts to the cap
    settled_at  timestamptz,
    primary key (program_id, campaign_id, member_id),
    check ((state in ('waiting', 'sending')) = (settled_at is null)),
    check (state not in ('sending', 'sent', 'unknown') or taken_at is not null)
) with (fillfactor = 90);
create unique index campaign_message_id on campaign_message (program_id, message_id);
create index campaign_message_due on campaign_message (program_id, campaign_id, state, try_at)
    where state in ('waiting', 'sending');
create index campaign_message_of on campaign_message (program_id, member_id, taken_at);

-- Of an erased member it is still counted what became of it; nothing is sent any more.
create function erases_campaigns(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update campaign_message
       set address = null, detail = '',
           state = case state when 'waiting' then 'skipped' when 'sending' then 'unknown' else state end,
           reason = case state when 'waiting' then 'gone' when 'sending' then 'gone' else reason end,
           settled_at = coalesce(settled_at, told)
     where program_id = here and member_id = who;
$$;
revoke execute on function erases_campaigns(integer, uuid, timestamptz, text[], text[]) from public;

grant select, insert, update, delete on campaign, campaign_message to regulars_app;
select fence(array['campaign', 'campaign_message']);
