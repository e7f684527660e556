-- What leaves the house by e-mail and text message, and how members come in.

-- ── deliveries ──────────────────────────────────────────────────────────────────────────────
-- An event says under which transaction it was written, so that a reader can take all of them below
-- the oldest transaction that still runs and misses none (as the sealer, ADR 0060). What was told
-- before there were senders has none, and is sent to nobody.
alter table outbox add column recorded_tx bigint;
alter table outbox alter column recorded_tx
    set default (pg_current_xact_id()::text::bigint);
create index outbox_by_tx on outbox using brin (recorded_tx)
    with (pages_per_range = 32, autosummarize = on);

-- How far the events of a program were looked at.
create table delivery_reach (
    program_id integer not null primary key,
    below_tx   bigint  not null,
    after_id   uuid    not null                 -- of events of that very transaction, the last one
);

-- Something on its way to a member. The address itself is not kept here: a keyed digest says which
-- of the member's names is meant.
create table delivery (
    program_id  integer     not null,
    member_id   uuid        not null,
    delivery_id uuid        not null,
    cause_id    uuid        not null,           -- the event, or the sign-in code
    kind        text        not null check (kind in
        ('code', 'confirmation', 'earned', 'redeemed', 'notice')),
    channel     text        not null check (channel in ('email', 'sms')),
    address     bytea       not null check (octet_length(address) = 32),
    state       text        not null check (state in ('waiting', 'sent', 'parked')),
    reason      text        not null default '', -- why it is parked, or why it was tried in vain
    attempts    smallint    not null default 0 check (attempts >= 0),
    try_at      timestamptz not null,
    best_before timestamptz not null,
    recorded_at timestamptz not null,
    settled_at  timestamptz,
    primary key (program_id, delivery_id),
    constraint delivery_once unique (program_id, cause_id),
    check ((state = 'waiting') = (settled_at is null)),
    check (state <> 'parked' or reason <> '')
) with (fillfactor = 85);
create index delivery_due on delivery (program_id, try_at) where state = 'waiting';
create index delivery_parked on delivery (program_id, settled_at) where state = 'parked';
create index delivery_of_member on delivery (program_id, member_id);

-- Which messages somebody wants, and by what; the nil uuid speaks for the shop itself.
create table message_choice (
    program_id integer     not null,
    member_id  uuid        not null,
    kind       text        not null check (kind in ('earned', 'redeemed', 'notice')),
    ways       text        not null check (ways in ('off', 'email', 'sms', 'any')),
    changed_at timestamptz not null,
    primary key (program_id, member_id, kind)
);

-- A shop's own words in place of ours.
create table message_words (
    program_id integer     not null,
    language   text        not null,
    phrase     text        not null,            -- the key in our catalogue
    says       text        not null check (says <> ''),
    changed_at timestamptz not null,
    primary key (program_id, language, phrase)
);

-- ── who comes in ────────────────────────────────────────────────────────────────────────────
-- Somebody asked for a code. Neither code nor link is kept, in no form: both are worked out from
-- this row's id with a key that the database does not know (ADR 0362). Who is not a member gets
-- the same row, without a member.
create table sign_in_code (
    program_id  integer     not null,
    code_id     uuid        not null,
    member_id   uuid,
    purpose     text        not null check (purpose in ('sign_in', 'consent')),
    about       text        not null default '', -- the channel of a consent
    address     bytea       not null check (octet_length(address) = 32),
    machine      bytea       check (octet_length(machine) = 32),
    tries       smallint    not null default 0 check (tries between 0 and 5),
    recorded_at timestamptz not null,
    used_at     timestamptz,
    primary key (program_id, code_id)
);
create index sign_in_code_of_address on sign_in_code (program_id, address, recorded_at);
create index sign_in_code_of_machine on sign_in_code (program_id, machine, recorded_at);

-- A browser in which a member is signed in.
create table member_session (
    program_id integer     not null,
    session_id uuid        not null,
    token_hash bytea       not null check (octet_length(token_hash) = 32),
    member_id  uuid        not null,
    opened_at  timestamptz not null,
    seen_at    timestamptz not null,
    ended_at   timestamptz,
    device     text        not null default '',
    primary key (program_id, session_id),
    constraint member_session_token unique (program_id, token_hash)
) with (fillfactor = 85);
create index member_session_of_member on member_session (program_id, member_id);

-- ── erased members ──────────────────────────────────────────────────────────────────────────
create function erases_deliveries(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from delivery where program_id = here and member_id = who;
    delete from message_choice where program_id = here and member_id = who;
    delete from sign_in_code where program_id = here and member_id = who;
    delete from member_session where program_id = here and member_id = who;
$$;
revoke execute on function erases_deliveries(integer, uuid, timestamptz, text[], text[])
    from public;

grant select, insert, update, delete on delivery_reach, delivery, message_choice, message_words,
    sign_in_code, member_session to regulars_app;
select fence(array['delivery_reach', 'delivery', 'message_choice', 'message_words', 'sign_in_code',
    'member_session']);
