-- Journeys: what is said to a member step by step, from what begins it to its end (ADR 0745).

-- ── journeys ────────────────────────────────────────────────────────────────────────────────────
-- A plan of steps that members go through, each at their own time.
create table journey (
    program_id   integer     not null,
    journey_id   uuid        not null,
    code         text        not null check (code ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(code) <= 40),
    name         text        not null check (length(name) between 1 and 80),
    state        text        not null check (state in ('draft', 'running', 'paused', 'ended')),
    version      integer     not null check (version >= 1),           -- the latest that was written
    published    integer     check (published between 1 and version), -- by which members begin
    made_at      timestamptz not null,
    made_by      text        not null check (made_by <> ''),
    changed_at   timestamptz not null,
    changed_by   text        not null check (changed_by <> ''),
    begins_at    timestamptz,               -- what happened from then on begins it
    published_by text,
    ended_at     timestamptz,
    ended_by     text,
    primary key (program_id, journey_id),
    check (state = 'draft' or (published is not null and begins_at is not null)),
    check ((state = 'ended') = (ended_at is not null))
);
create unique index journey_code on journey (program_id, code);

-- Every plan that was written down; members finish by the one they began with.
create table journey_version (
    program_id integer     not null,
    journey_id uuid        not null,
    version    integer     not null,
    plan       jsonb       not null,        -- what begins it, its steps, what ends it
    made_at    timestamptz not null,
    made_by    text        not null check (made_by <> ''),
    primary key (program_id, journey_id, version)
);

-- One member on their way through a journey: at which step, and until when they wait there.
create table journey_run (
    program_id integer     not null,
    run_id     uuid        not null default gen_random_uuid(),
    journey_id uuid        not null,
    version    integer     not null,
    member_id  uuid        not null,
    begun_at   timestamptz not null,
    step       text        not null,        -- where they are, or where it ended
    since      timestamptz not null,        -- they are at this step since then
    due_at     timestamptz not null,        -- then it is looked at again
    ended_at   timestamptz,
    why        text        not null default '',
    primary key (program_id, run_id),
    check ((ended_at is null) = (why = ''))
) with (fillfactor = 80);
-- Nobody goes through the same journey twice at a time.
create unique index journey_run_open on journey_run (program_id, journey_id, member_id)
    where ended_at is null;
create index journey_run_due on journey_run (program_id, journey_id, due_at)
    where ended_at is null;
create index journey_run_of on journey_run (program_id, member_id, begun_at);
create index journey_run_in on journey_run (program_id, journey_id, version, step)
    where ended_at is null;
create index journey_run_over on journey_run (program_id, journey_id, version, why)
    where ended_at is not null;

-- Which steps of a run are behind its member, and what came of each: one row for each, so that none
-- is taken twice.
create table journey_pass (
    program_id integer     not null,
    run_id     uuid        not null,
    step       text        not null,
    journey_id uuid        not null,
    version    integer     not null,
    at         timestamptz not null,
    outcome    text        not null check (outcome <> ''),
    primary key (program_id, run_id, step)
);
create index journey_pass_in on journey_pass (program_id, journey_id, version, step, outcome);

-- How far what happened was looked at, for all journeys.
create table journey_reach (
    program_id integer not null primary key,
    cluster    bigint  not null,
    below_tx   bigint  not null,
    walked_at  timestamptz              -- nobody was left whose time had come by then
) with (fillfactor = 70);

-- Which moves came after which transaction; of those there are nobody begins.
alter table segment_move add column recorded_tx bigint;
alter table segment_move alter column recorded_tx
    set default (pg_current_xact_id()::text::bigint);
create index segment_move_by_tx on segment_move (program_id, segment_id, recorded_tx)
    where recorded_tx is not null;

-- ── what journeys say ───────────────────────────────────────────────────────────────────────────
-- A step that says something is a campaign whose members come one by one: consent, hours, caps and
-- what became of each message are the same.
alter table campaign
    alter column segment_id drop not null,
    add column journey_id      uuid,
    add column journey_version integer,
    add column survey_id       uuid,        -- its message bears a link to answer this
    add constraint campaign_of check ((segment_id is null) = (journey_id is not null)),
    add constraint campaign_journey check ((journey_id is null) = (journey_version is null));
drop index campaign_code;
create unique index campaign_code on campaign (program_id, code) where journey_id is null;
create unique index campaign_step on campaign (program_id, journey_id, journey_version, code)
    where journey_id is not null;

alter table campaign_message
    add column run_id   uuid not null default '00000000-0000-0000-0000-000000000000',
    add column asked_at timestamptz,        -- when its run came to the step; it is due from then
    drop constraint campaign_message_pkey,
    add primary key (program_id, campaign_id, member_id, run_id);

-- ── who goes ────────────────────────────────────────────────────────────────────────────────────
-- Of an erased member it is still counted through which steps they came; they go no further.
create function erases_journeys(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update journey_run set ended_at = told, why = 'gone'
     where program_id = here and member_id = who and ended_at is null;
$$;
revoke execute on function erases_journeys(integer, uuid, timestamptz, text[], text[]) from public;

-- Nor does one whose import is undone.
create function takes_back_journeys(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    update journey_run set ended_at = told, why = 'gone'
     where program_id = here and member_id = any(members) and ended_at is null;
$$;
revoke execute on function takes_back_journeys(integer, timestamptz, uuid[]) from public;

grant select, insert, update, delete on journey, journey_version, journey_run, journey_pass,
    journey_reach to regulars_app;
select fence(array['journey', 'journey_version', 'journey_run', 'journey_pass', 'journey_reach']);
