-- Tiers in full: given by hand, matched, by invitation; credit that counts later.

do $$
begin
    perform allow_also('tier_move', 'reason', array['granted', 'matched', 'invited']);
    perform allow_also('midnight_step', 'step', array['foretell_tiers']);
    perform allow_also('parked_member', 'step', array['foretell_tiers']);
    perform allow_also('message', 'kind', array['tier_notice']);
    perform allow_also('household_member', 'role', array['minor']);
end $$;

-- ── tiers given by hand ────────────────────────────────────────────────────────────────────
-- What somebody gave: a tier whatever the credit. An invitation waits for its member.
create table tier_grant (
    program_id integer     not null,
    member_id  uuid        not null,
    grant_id   uuid        not null,
    kind       text        not null check (kind in ('granted', 'matched', 'invited')),
    tier       text        not null,
    asks       bigint      check (asks > 0),    -- credit that keeps it when its time is over
    proof      text        not null,            -- of the status elsewhere
    answer_by  timestamptz,                     -- exclusive; of invitations
    given_at   timestamptz not null,
    actor      text        not null,
    reason     text        not null,
    check ((kind = 'invited') = (answer_by is not null)),
    primary key (program_id, member_id, grant_id)
);
create unique index tier_grant_by_id on tier_grant (program_id, grant_id);

-- What became of it: it began (an invitation when it is accepted), and how it ended by hand.
create table tier_turn (
    program_id integer     not null,
    member_id  uuid        not null,
    grant_id   uuid        not null,
    turn_id    uuid        not null,
    what       text        not null check (what in ('begun', 'declined', 'withdrawn', 'ended')),
    at         timestamptz not null,
    until_at   timestamptz check (until_at > at),         -- exclusive; null when it never ends
    was_tier   text,                            -- where they stood by themselves before
    was_until  timestamptz,
    had        bigint      not null,            -- credit when it began, of the running window
    actor      text        not null,
    reason     text        not null,
    primary key (program_id, member_id, grant_id, turn_id)
);
-- One beginning and one end each, whoever asks at once.
create unique index tier_turn_once on tier_turn (program_id, grant_id, (what = 'begun'));

-- When somebody has to look at a member because credit begins to count or a window ends.
create table tier_clock (
    program_id integer     not null,
    member_id  uuid        not null,
    look_at    timestamptz not null,
    primary key (program_id, member_id)
);
create index tier_look on tier_clock (program_id, look_at);

-- ── tiers that will be lost ────────────────────────────────────────────────────────────────
-- Whose tier was looked at before its end, and the message that says what is missing to stay.
create table tier_notice (
    program_id integer     not null,
    member_id  uuid        not null,
    until_at   timestamptz not null,
    message_id uuid,                            -- null when the tier was going to be kept
    looked_at  timestamptz not null,
    primary key (program_id, member_id, until_at)
);

-- ── who joined how ─────────────────────────────────────────────────────────────────────────
-- What people told when they joined a program that asks for it.
create table admission (
    program_id  integer     not null,
    member_id   uuid        not null,
    birthday    date,
    country     text        not null,
    guardian_id uuid,
    invited_by  uuid,
    actor       text        not null,           -- who of the shop let them in
    recorded_at timestamptz not null,
    primary key (program_id, member_id)
);

create type admission_row as (
    member_id uuid, birthday date, country text, guardian_id uuid, invited_by uuid, actor text
);
create type tier_notice_row as (member_id uuid, until_at timestamptz, message_id uuid);
create type tier_grant_row as (
    member_id uuid, grant_id uuid, kind text, tier text, asks bigint, proof text,
    answer_by timestamptz, given_at timestamptz, actor text, reason text
);
create type tier_turn_row as (
    member_id uuid, grant_id uuid, turn_id uuid, what text, at timestamptz, until_at timestamptz,
    was_tier text, was_until timestamptz, had bigint, actor text, reason text
);
create type tier_clock_row as (member_id uuid, look_at timestamptz);

create trigger only_personal before update on tier_grant
    for each row execute function only_personal('actor', 'reason', 'proof');
create trigger only_personal before update on tier_turn
    for each row execute function only_personal('actor', 'reason');

create trigger only_personal before update on admission
    for each row execute function only_personal('birthday', 'country', 'actor');

create function erases_admissions(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update admission set birthday = null, country = '', actor = shown_actor(actor, texts)
     where program_id = here and member_id = who;
$$;

create function erases_tiers(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update tier_grant set actor = shown_actor(actor, texts), reason = 'erased', proof = ''
     where program_id = here and member_id = who;
    update tier_turn set actor = shown_actor(actor, texts), reason = 'erased'
     where program_id = here and member_id = who;
$$;
revoke execute on function
    erases_tiers(integer, uuid, timestamptz, text[], text[]),
    erases_admissions(integer, uuid, timestamptz, text[], text[]) from public;

alter table tier_grant alter column actor set statistics 0, alter column reason set statistics 0,
                       alter column proof set statistics 0;
alter table tier_turn alter column actor set statistics 0, alter column reason set statistics 0;

alter table admission alter column birthday set statistics 0, alter column country set statistics 0,
                      alter column actor set statistics 0;

select never_change(array['tier_grant', 'tier_turn', 'tier_notice', 'admission']);
grant select, insert, update, delete on tier_clock to regulars_app;
select fence(array['tier_grant', 'tier_turn', 'tier_clock', 'tier_notice', 'admission']);
