-- Paid membership: plans with a fee, what was told about them, and where each stands (semantics G3).

do $$
begin
    perform allow_also('midnight_step', 'step', array['renew_plans']);
    perform allow_also('parked_member', 'step', array['renew_plans']);
end $$;

-- ── paid membership ─────────────────────────────────────────────────────────────────────────
-- Everything that ever happened to a membership, each with where it stands since; the last one is
-- where it stands now.
create table membership_turn (
    program_id    integer     not null,
    member_id     uuid        not null,
    membership_id uuid        not null,
    step          integer     not null check (step > 0),   -- without a gap
    turn_id       uuid        not null,
    what          text        not null check (what in (
        'started', 'paid', 'failed', 'refunded', 'cancelled', 'paused', 'resumed', 'changed',
        'told', 'past_due', 'ended')),
    at            timestamptz not null,
    recorded_at   timestamptz not null,
    version       integer     not null,
    amount_minor  bigint      not null,         -- paid, or below nothing given back
    entry_id      uuid,                         -- the points that came or went with it
    source        text        not null,         -- who told it, and its number there
    external_id   text        not null,
    actor         text        not null,
    reason        text        not null,
    plan          text        not null,         -- where it stands since
    state         text        not null check (state in (
        'trial', 'active', 'past_due', 'paused', 'cancelled', 'ended')),
    anchor_at     timestamptz not null,         -- terms are counted from here
    terms         integer     not null check (terms >= 0),
    from_at       timestamptz not null,         -- the term, or the trial
    until_at      timestamptz not null check (until_at > from_at),
    since_at      timestamptz not null,         -- uses from here on belong to the term
    wait_until    timestamptz,                  -- the end of the grace, or of the pause
    paused_at     timestamptz,
    in_trial      boolean     not null,
    next_plan     text        not null,         -- from the next term on
    fee_minor     bigint      not null check (fee_minor >= 0),
    told_minor    bigint,                       -- a higher fee that was told, and when
    told_at       timestamptz,
    gross_minor   bigint      not null,         -- paid as the term began, and what is left
    paid_minor    bigint      not null check (paid_minor >= 0),   -- with what a change cost
    returned_minor bigint     not null check (returned_minor >= 0),   -- of it, by refunds
    gave_entry    uuid,                         -- the points that came with the term
    wallet        text        not null,
    units         bigint      not null,         -- how many they are, and went again
    units_back    bigint      not null check (units_back between 0 and units),
    check ((state = 'paused') = (paused_at is not null)),
    check ((state in ('paused', 'past_due')) = (wait_until is not null)),
    primary key (program_id, member_id, membership_id, step)
);
create unique index membership_turn_by_id on membership_turn (program_id, turn_id);
create unique index membership_step on membership_turn (program_id, membership_id, step);

-- When somebody has to look at a membership, and the highest fee its member knows of.
create table membership_clock (
    program_id    integer     not null,
    member_id     uuid        not null,
    membership_id uuid        not null,
    look_at       timestamptz not null,
    plan          text        not null,
    known_minor   bigint      not null,
    primary key (program_id, member_id, membership_id)
);
create index membership_look on membership_clock (program_id, look_at);
create index membership_priced on membership_clock (program_id, plan, known_minor);

-- Who had a trial, by what they are found by; digests of phone, e-mail and card.
create table trial_taken (
    program_id integer     not null,
    member_id  uuid        not null,
    digest     uuid        not null,
    taken_at   timestamptz not null,
    primary key (program_id, digest)
);
create index trial_taken_by_member on trial_taken (program_id, member_id);

create type membership_turn_row as (
    member_id uuid, membership_id uuid, step int, turn_id uuid, what text, at timestamptz,
    version int, amount_minor bigint, entry_id uuid, source text, external_id text, actor text,
    reason text, plan text, state text, anchor_at timestamptz, terms int, from_at timestamptz,
    until_at timestamptz, since_at timestamptz, wait_until timestamptz, paused_at timestamptz,
    in_trial boolean, next_plan text, fee_minor bigint, told_minor bigint, told_at timestamptz,
    gross_minor bigint, paid_minor bigint, returned_minor bigint, gave_entry uuid,
    wallet text, units bigint, units_back bigint
);
create type membership_clock_row as (
    member_id uuid, membership_id uuid, look_at timestamptz, plan text, known_minor bigint
);
create type trial_taken_row as (member_id uuid, digest uuid);

create trigger only_personal before update on membership_turn
    for each row execute function only_personal('actor', 'reason', 'external_id');

create function erases_memberships(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update membership_turn set actor = shown_actor(actor, texts), reason = '', external_id = ''
     where program_id = here and member_id = who;
    delete from membership_clock where program_id = here and member_id = who;
    delete from trial_taken where program_id = here and member_id = who;
$$;
revoke execute on function erases_memberships(integer, uuid, timestamptz, text[], text[])
    from public;

alter table membership_turn alter column actor set statistics 0,
                            alter column reason set statistics 0,
                            alter column external_id set statistics 0;

select never_change(array['membership_turn']);
grant select, insert, update, delete on membership_clock to regulars_app;
grant select, insert on trial_taken to regulars_app;
select fence(array['membership_turn', 'membership_clock', 'trial_taken']);
