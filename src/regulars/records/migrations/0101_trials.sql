-- Tests of campaigns: a letter to whoever writes it, counted nowhere (ADR 0739).

-- ── tests of campaigns ──────────────────────────────────────────────────────────────────────────
-- One row for each that somebody of the staff asked for, to their own address.
create table campaign_trial (
    program_id  integer     not null,
    trial_id    uuid        not null,
    campaign_id uuid        not null,
    staff_id    uuid        not null,
    member_id   uuid,                          -- as whom it is written; nothing once it is over
    state       text        not null check (state in ('waiting', 'going', 'sent', 'unsure', 'failed')),
    reason      text        not null default '',
    asked_at    timestamptz not null,
    taken_at    timestamptz,
    primary key (program_id, trial_id),
    check ((state = 'waiting') = (taken_at is null))
);
create index campaign_trial_open on campaign_trial (program_id, asked_at) where state in ('waiting', 'going');
create index campaign_trial_of on campaign_trial (program_id, campaign_id, asked_at);

-- What was to be written as an erased member is written no more.
create function erases_trials(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from campaign_trial where program_id = here and member_id = who;
$$;
revoke execute on function erases_trials(integer, uuid, timestamptz, text[], text[]) from public;

create function takes_back_trials(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    delete from campaign_trial where program_id = here and member_id = any(members);
$$;
revoke execute on function takes_back_trials(integer, timestamptz, uuid[]) from public;

grant select, insert, update, delete on campaign_trial to regulars_app;
select fence(array['campaign_trial']);
