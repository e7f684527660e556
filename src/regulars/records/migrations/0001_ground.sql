-- Ground: programs, members, what happened, the books, what follows from them, and what we tell.
--
-- Every key holds program_id, and member_id where there is one, so that a program (and later a
-- member range) can live on its own machine. What is looked up by member starts with the member;
-- what is only appended starts with its own id, which grows with time (ADR 0012). The hot tables carry no foreign keys: `regulars
-- verify` checks the references as sets. Instants are timestamptz, half-open where they bound.

-- ── programs ────────────────────────────────────────────────────────────────────────────────
create table program (
    program_id  integer generated always as identity primary key,
    slug        text        not null unique,
    created_at  timestamptz not null
);

create table program_version (
    program_id     integer     not null references program,
    version        integer     not null check (version > 0),
    effective_from timestamptz not null,
    source         text        not null,        -- the program file, word for word
    sha256         bytea       not null,
    published_at   timestamptz not null,
    published_by   text        not null,
    primary key (program_id, version)
);

-- Small numbers for names that occur in millions of rows. A number is for ever.
create table program_code (
    program_id integer  not null references program,
    kind       text     not null check (kind in ('wallet', 'counter')),
    name       text     not null,
    code       smallint not null check (code > 0),
    primary key (program_id, kind, name),
    unique (program_id, kind, code)
);

create table api_key (
    program_id integer     not null references program,
    key_id     uuid        not null,
    key_hash   bytea       not null unique,     -- sha-256; the key itself is shown once
    name       text        not null,
    scopes     text[]      not null,
    mode       text        not null check (mode in ('live', 'test')),
    created_at timestamptz not null,
    created_by text        not null,
    revoked_at timestamptz,
    primary key (program_id, key_id)
);

-- ── members ─────────────────────────────────────────────────────────────────────────────────
create table member (
    program_id  integer     not null,
    member_id   uuid        not null,
    number      text        not null,           -- loyalty number with its check digit
    state       text        not null check (state in ('active', 'unregistered', 'blocked')),
    given_name  text        not null default '',
    family_name text        not null default '',
    locale      text        not null default '',
    zone        text        not null default '',
    attributes  jsonb       not null default '{}',
    joined_at   timestamptz not null,
    recorded_at timestamptz not null,
    primary key (program_id, member_id)
);
create index member_in_order on member (program_id, joined_at, member_id);

create table identifier (
    program_id integer     not null,
    kind       text        not null check (kind in ('number', 'phone', 'email', 'card', 'external')),
    value      text        not null,            -- normal form: E.164, lower-case domain, …
    member_id  uuid        not null,
    linked_at  timestamptz not null,
    primary key (program_id, kind, value)
);
create index identifier_of_member on identifier (program_id, member_id);

-- ── once ────────────────────────────────────────────────────────────────────────────────────
-- One row per idempotency key and one per natural key (source, external id, kind), for ever.
create table once (
    program_id  integer     not null,
    key         uuid        not null,           -- digest of what must happen once
    content     uuid        not null,           -- digest of what was asked
    member_id   uuid        not null,
    subject_id  uuid        not null,           -- the activity, redemption, entry … it became
    answer      bytea       not null,           -- the first answer, MessagePack
    recorded_at timestamptz not null,
    primary key (program_id, key)
);

-- ── what happened ───────────────────────────────────────────────────────────────────────────
-- Sales to nobody carry the nil uuid as member.
create table activity (
    program_id  integer     not null,
    member_id   uuid        not null,
    activity_id uuid        not null,
    kind        text        not null,
    source      text        not null,
    external_id text        not null,           -- '' when the source gave none
    sale_id     uuid,                           -- of a return: the sale it takes back
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    store       text        not null,
    channel     text        not null,
    amount_minor bigint     not null,           -- what was paid in all; negative never
    body        jsonb       not null,           -- lines, payments, details as they were sent
    actor       text        not null,
    primary key (program_id, activity_id, member_id)
);
create index return_of_sale on activity (program_id, sale_id) where sale_id is not null;

-- A return that came before its sale waits here for it.
create table waiting_return (
    program_id  integer     not null,
    sale_key    uuid        not null,           -- natural key of the sale, as in `once`
    activity_id uuid        not null,           -- the id it will have, answered already
    command     bytea       not null,           -- all that was told, MessagePack
    recorded_at timestamptz not null,
    settled_at  timestamptz,
    refused_at  timestamptz,                    -- it met its sale and could not be taken
    primary key (program_id, sale_key, activity_id)
);

-- Why a decision came out as it did: version, engine, frozen inputs, steps that fired.
create table trail (
    program_id  integer     not null,
    member_id   uuid        not null,
    activity_id uuid        not null,
    sale_id     uuid,
    version     integer     not null,
    engine      smallint    not null,
    packed      bytea       not null,
    recorded_at timestamptz not null,
    primary key (program_id, activity_id, member_id)
);
create index trail_of_sale on trail (program_id, member_id, sale_id) where sale_id is not null;

-- ── the ledger ──────────────────────────────────────────────────────────────────────────────
create table account_name (
    account smallint primary key,
    name    text not null unique,
    side    text not null check (side in ('member', 'program'))
);
insert into account_name values
    (1, 'available', 'member'), (2, 'pending', 'member'), (3, 'held', 'member'),
    (4, 'debt', 'member'),
    (11, 'issued', 'program'), (12, 'redeemed', 'program'), (13, 'expired', 'program'),
    (14, 'adjusted', 'program'), (15, 'suspense', 'program');

create table entry (
    program_id  integer     not null,
    member_id   uuid        not null,
    entry_id    uuid        not null,
    kind        text        not null check (kind in
        ('earn', 'return', 'hold', 'capture', 'void', 'lapse', 'expire', 'adjust')),
    cause_id    uuid        not null,           -- activity, redemption, adjustment, lot
    reverses    uuid,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    actor       text        not null,
    reason      text        not null,
    primary key (program_id, member_id, entry_id)
);

-- Both sides lie beside their member; the program's side is summed, never a hot row.
create table posting (
    program_id integer  not null,
    member_id  uuid     not null,
    entry_id   uuid     not null,
    line       smallint not null,
    wallet     smallint not null,
    account    smallint not null,
    amount     bigint   not null check (amount <> 0 and abs(amount) <= 9007199254740991),
    primary key (program_id, entry_id, member_id, line)
);

create table lot (
    program_id integer     not null,
    member_id  uuid        not null,
    wallet     smallint    not null,
    lot_id     uuid        not null,
    entry_id   uuid        not null,
    cause_id   uuid        not null,
    version    integer     not null,            -- terms it was earned under
    amount     bigint      not null check (amount > 0),
    remaining  bigint      not null check (remaining between 0 and amount),
    pinned     bigint      not null default 0 check (pinned between 0 and remaining),
    earned_at  timestamptz not null,
    expires_at timestamptz not null,            -- exclusive; 9999-12-31 when it never lapses
    primary key (program_id, member_id, wallet, lot_id)
) with (fillfactor = 85);
create index lot_to_expire on lot (program_id, expires_at) where remaining > 0;

create table lot_move (
    program_id integer not null,
    member_id  uuid    not null,
    entry_id   uuid    not null,
    lot_id     uuid    not null,
    wallet     smallint not null,
    delta      bigint  not null check (delta <> 0),
    primary key (program_id, entry_id, member_id, lot_id)
);

create table hold (
    program_id    integer     not null,
    member_id     uuid        not null,
    hold_id       uuid        not null,
    redemption_id uuid        not null,
    wallet        smallint    not null,
    amount        bigint      not null check (amount > 0),
    captured      bigint      not null default 0 check (captured between 0 and amount),
    state         text        not null check (state in ('open', 'captured', 'voided', 'lapsed')),
    opened_at     timestamptz not null,
    lapses_at     timestamptz not null,
    closed_at     timestamptz,
    primary key (program_id, member_id, hold_id)
) with (fillfactor = 85);
create index hold_to_lapse on hold (program_id, lapses_at) where state = 'open';
create index hold_of_redemption on hold (program_id, member_id, redemption_id);

create table hold_lot (
    program_id integer  not null,
    member_id  uuid     not null,
    hold_id    uuid     not null,
    lot_id     uuid     not null,
    amount     bigint   not null check (amount > 0),
    primary key (program_id, member_id, hold_id, lot_id)
);

-- ── caches, each rebuildable from the rows above ────────────────────────────────────────────
-- The member's lock and order: every write of a member raises `version` by one.
create table standing (
    program_id integer     not null,
    member_id  uuid        not null,
    version    bigint      not null default 0,
    tier       text,
    tier_since timestamptz,
    tier_until timestamptz,                     -- exclusive; null when it stays for ever
    primary key (program_id, member_id)
) with (fillfactor = 70);
create index standing_to_review on standing (program_id, tier_until) where tier_until is not null;

create table balance (
    program_id integer  not null,
    member_id  uuid     not null,
    wallet     smallint not null,
    available  bigint   not null default 0 check (available between 0 and 9007199254740991),
    pending    bigint   not null default 0 check (pending between 0 and 9007199254740991),
    held       bigint   not null default 0 check (held between 0 and 9007199254740991),
    debt       bigint   not null default 0 check (debt between 0 and 9007199254740991),
    earned     bigint   not null default 0 check (earned between 0 and 9007199254740991),
    primary key (program_id, member_id, wallet)
) with (fillfactor = 70);

-- Caps, tier credit per window bucket, remainders of rounding: value per counter and period.
create table counter (
    program_id integer  not null,
    member_id  uuid     not null,
    counter    smallint not null,
    period     integer  not null,
    value      bigint   not null,
    primary key (program_id, member_id, counter, period)
) with (fillfactor = 70);

create table tier_move (
    program_id  integer     not null,
    member_id   uuid        not null,
    move_id     uuid        not null,
    from_tier   text,
    to_tier     text,
    reason      text        not null check (reason in ('reached', 'kept', 'lost', 'returned')),
    cause_id    uuid,
    until_at    timestamptz,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    primary key (program_id, member_id, move_id)
);

-- ── rewards ─────────────────────────────────────────────────────────────────────────────────
create table redemption (
    program_id    integer     not null,
    member_id     uuid        not null,
    redemption_id uuid        not null,
    reward        text        not null,
    version       integer     not null,
    terms         jsonb       not null,         -- the reward as it was promised that day
    state         text        not null check (state in ('held', 'captured', 'voided', 'lapsed')),
    store         text        not null,
    channel       text        not null,
    actor         text        not null,
    opened_at     timestamptz not null,
    lapses_at     timestamptz not null,
    closed_at     timestamptz,
    primary key (program_id, member_id, redemption_id)
) with (fillfactor = 85);
create index redemption_by_id on redemption (program_id, redemption_id);

create table reward_stock (
    program_id integer not null,
    reward     text    not null,
    remaining  bigint  not null check (remaining >= 0),
    primary key (program_id, reward)
) with (fillfactor = 50);

-- ── what we tell ────────────────────────────────────────────────────────────────────────────
create table outbox (
    program_id  integer     not null,
    outbox_id   uuid        not null,           -- UUIDv7, so in order of making
    member_id   uuid        not null,
    sequence    bigint      not null,           -- the standing's version
    type        text        not null,
    payload     jsonb       not null,
    recorded_at timestamptz not null,
    primary key (program_id, outbox_id)
);

-- ── the night ───────────────────────────────────────────────────────────────────────────────
create table midnight_step (
    program_id integer     not null,
    night_on   date        not null,
    step       text        not null check (step in ('lapse_holds', 'expire_lots', 'review_tiers')),
    members    bigint      not null default 0,
    done_at    timestamptz,
    primary key (program_id, night_on, step)
);

-- ── how rows travel ─────────────────────────────────────────────────────────────────────────
-- A batch arrives as one array of rows per table: a third of the driver's work of an array per
-- column (ADR 0005). A shape is for ever; a table that grows gets a further shape.
create type once_row as (
    key uuid, content uuid, member_id uuid, subject_id uuid, answer bytea
);
create type activity_row as (
    activity_id uuid, member_id uuid, kind text, source text, external_id text, sale_id uuid,
    occurred_at timestamptz, store text, channel text, amount_minor bigint, body text,
    actor text
);
create type trail_row as (
    member_id uuid, activity_id uuid, sale_id uuid, version int, packed bytea
);
create type entry_row as (
    entry_id uuid, member_id uuid, kind text, cause_id uuid, reverses uuid,
    occurred_at timestamptz, actor text, reason text
);
create type posting_row as (
    member_id uuid, entry_id uuid, line smallint, wallet smallint, account smallint,
    amount bigint
);
create type lot_row as (
    member_id uuid, wallet smallint, lot_id uuid, entry_id uuid, cause_id uuid, version int,
    amount bigint, remaining bigint, pinned bigint, earned_at timestamptz,
    expires_at timestamptz
);
create type lot_change_row as (
    member_id uuid, wallet smallint, lot_id uuid, remaining bigint, pinned bigint
);
create type lot_move_row as (
    member_id uuid, entry_id uuid, lot_id uuid, wallet smallint, delta bigint
);
create type hold_row as (
    member_id uuid, hold_id uuid, redemption_id uuid, wallet smallint, amount bigint,
    state text, opened_at timestamptz, lapses_at timestamptz, captured bigint,
    closed_at timestamptz
);
create type hold_lot_row as (
    member_id uuid, hold_id uuid, lot_id uuid, amount bigint
);
create type hold_end_row as (
    member_id uuid, hold_id uuid, state text, captured bigint, closed_at timestamptz
);
create type balance_row as (
    member_id uuid, wallet smallint, available bigint, pending bigint, held bigint, debt bigint,
    earned bigint
);
create type standing_row as (
    member_id uuid, version bigint, tier text, tier_since timestamptz, tier_until timestamptz
);
create type counter_row as (
    member_id uuid, counter smallint, period int, value bigint
);
create type outbox_row as (
    outbox_id uuid, member_id uuid, sequence bigint, type text, payload text
);
create type redemption_row as (
    member_id uuid, redemption_id uuid, reward text, version int, terms text, state text,
    store text, channel text, actor text, opened_at timestamptz, lapses_at timestamptz,
    closed_at timestamptz
);
create type redemption_end_row as (
    member_id uuid, redemption_id uuid, state text, closed_at timestamptz
);

-- ── who may do what ─────────────────────────────────────────────────────────────────────────
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: correct it with a new entry', tg_table_name
        using errcode = 'restrict_violation';
end $$;

do $$
declare
    t text;
begin
    foreach t in array array['activity', 'trail', 'entry', 'posting', 'lot_move', 'hold_lot',
                             'tier_move', 'program_version'] loop
        execute format('create trigger append_only before update or delete or truncate on %I '
                       'for each statement execute function refuse_change()', t);
        execute format('grant select, insert on %I to regulars_app', t);
    end loop;
    foreach t in array array['member', 'lot', 'hold', 'standing', 'balance', 'counter',
                             'redemption', 'reward_stock', 'midnight_step', 'waiting_return',
                             'api_key'] loop
        execute format('grant select, insert, update on %I to regulars_app', t);
    end loop;
    foreach t in array array['identifier', 'once', 'outbox'] loop
        execute format('grant select, insert, update, delete on %I to regulars_app', t);
    end loop;
    foreach t in array array['program', 'program_code'] loop
        execute format('grant select, insert on %I to regulars_app', t);
    end loop;
    grant select on account_name to regulars_app;

    -- Every table with a program_id is fenced, also against its owner's carelessness.
    for t in select table_name from information_schema.columns
              where table_schema = current_schema() and column_name = 'program_id' loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy own_program on %I to regulars_app using '
            '(program_id = (select current_setting(''regulars.program_id'')::integer))', t);
        execute format('create policy owner on %I to regulars_owner using (true)', t);
    end loop;
    -- A key is looked up before its program is known: by its digest and nothing else.
    create policy by_digest on api_key for select to regulars_app using
        (key_hash = decode(current_setting('regulars.key_hash', true), 'hex'));
end $$;
