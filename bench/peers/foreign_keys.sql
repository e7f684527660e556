-- The books as a good engineer would lay them out without our special needs: one uuid per row
-- as its key (version 7, so inserts go to the right edge of the index), a foreign key wherever a
-- row names another, an index for each question our schema answers too. Same columns as ours.
--
-- Kept in the peer's favour: no row-level security; the program is named by a foreign key once,
-- on the member, and not on every row, and accounts are a CHECK, not a table: a foreign key to
-- one row that everybody names makes PostgreSQL share-lock that row in every transaction
-- (README, "What we tried for the peers").
-- Tables come first; keys, indexes and foreign keys are added after the members are loaded.

create table program (
    program_id integer     not null,
    slug       text        not null,
    created_at timestamptz not null default now()
);

create table member (
    program_id  integer     not null,
    member_id   uuid        not null,
    number      text        not null,
    state       text        not null check (state in ('active', 'unregistered', 'blocked')),
    given_name  text        not null default '',
    family_name text        not null default '',
    locale      text        not null default '',
    zone        text        not null default '',
    attributes  jsonb       not null default '{}',
    joined_at   timestamptz not null,
    recorded_at timestamptz not null
);

create table identifier (
    program_id integer     not null,
    kind       text        not null check (kind in
        ('number', 'phone', 'email', 'card', 'external')),
    value      text        not null,
    member_id  uuid        not null,
    linked_at  timestamptz not null
);

create table once (
    program_id  integer     not null,
    key         uuid        not null,
    content     uuid        not null,
    member_id   uuid        not null,
    subject_id  uuid        not null,
    answer      bytea       not null,
    recorded_at timestamptz not null
);

create table activity (
    program_id   integer     not null,
    member_id    uuid        not null,
    activity_id  uuid        not null default uuidv7(),
    kind         text        not null,
    source       text        not null,
    external_id  text        not null,
    sale_id      uuid,
    occurred_at  timestamptz not null,
    recorded_at  timestamptz not null,
    store        text        not null,
    channel      text        not null,
    amount_minor bigint      not null,
    body         jsonb       not null,
    actor        text        not null
);

create table trail (
    program_id  integer     not null,
    member_id   uuid        not null,
    activity_id uuid        not null,
    sale_id     uuid,
    version     integer     not null,
    engine      smallint    not null,
    packed      bytea       not null,
    recorded_at timestamptz not null
);

create table entry (
    program_id  integer     not null,
    member_id   uuid        not null,
    entry_id    uuid        not null default uuidv7(),
    kind        text        not null check (kind in
        ('earn', 'return', 'hold', 'capture', 'void', 'lapse', 'expire', 'adjust')),
    cause_id    uuid        not null,
    reverses    uuid,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    actor       text        not null,
    reason      text        not null
);

create table posting (
    program_id integer  not null,
    member_id  uuid     not null,
    entry_id   uuid     not null,
    line       smallint not null,
    wallet     smallint not null,
    account    smallint not null check (account in (1, 2, 3, 4, 11, 12, 13, 14, 15)),
    amount     bigint   not null check (amount <> 0 and abs(amount) <= 9007199254740991)
);

create table lot (
    program_id integer     not null,
    member_id  uuid        not null,
    wallet     smallint    not null,
    lot_id     uuid        not null default uuidv7(),
    entry_id   uuid        not null,
    cause_id   uuid        not null,
    version    integer     not null,
    amount     bigint      not null check (amount > 0),
    remaining  bigint      not null check (remaining between 0 and amount),
    pinned     bigint      not null default 0 check (pinned between 0 and remaining),
    earned_at  timestamptz not null,
    expires_at timestamptz not null
) with (fillfactor = 85);

create table lot_move (
    program_id integer  not null,
    member_id  uuid     not null,
    entry_id   uuid     not null,
    lot_id     uuid     not null,
    wallet     smallint not null,
    delta      bigint   not null check (delta <> 0)
);

create table hold (
    program_id    integer     not null,
    member_id     uuid        not null,
    hold_id       uuid        not null default uuidv7(),
    redemption_id uuid        not null,
    wallet        smallint    not null,
    amount        bigint      not null check (amount > 0),
    captured      bigint      not null default 0 check (captured between 0 and amount),
    state         text        not null check (state in ('open', 'captured', 'voided', 'lapsed')),
    opened_at     timestamptz not null,
    lapses_at     timestamptz not null,
    closed_at     timestamptz
) with (fillfactor = 85);

create table hold_lot (
    program_id integer not null,
    member_id  uuid    not null,
    hold_id    uuid    not null,
    lot_id     uuid    not null,
    amount     bigint  not null check (amount > 0)
);

create table standing (
    program_id integer     not null,
    member_id  uuid        not null,
    version    bigint      not null default 0,
    tier       text,
    tier_since timestamptz,
    tier_until timestamptz
) with (fillfactor = 70);

create table balance (
    program_id integer  not null,
    member_id  uuid     not null,
    wallet     smallint not null,
    available  bigint   not null default 0 check (available between 0 and 9007199254740991),
    pending    bigint   not null default 0 check (pending between 0 and 9007199254740991),
    held       bigint   not null default 0 check (held between 0 and 9007199254740991),
    debt       bigint   not null default 0 check (debt between 0 and 9007199254740991),
    earned     bigint   not null default 0 check (earned between 0 and 9007199254740991)
) with (fillfactor = 70);

create table counter (
    program_id integer  not null,
    member_id  uuid     not null,
    counter    smallint not null,
    period     integer  not null,
    value      bigint   not null
) with (fillfactor = 70);

create table tier_move (
    program_id  integer     not null,
    member_id   uuid        not null,
    move_id     uuid        not null default uuidv7(),
    from_tier   text,
    to_tier     text,
    reason      text        not null check (reason in ('reached', 'kept', 'lost', 'returned')),
    cause_id    uuid,
    until_at    timestamptz,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null
);

create table redemption (
    program_id    integer     not null,
    member_id     uuid        not null,
    redemption_id uuid        not null default uuidv7(),
    reward        text        not null,
    version       integer     not null,
    terms         jsonb       not null,
    state         text        not null check (state in ('held', 'captured', 'voided', 'lapsed')),
    store         text        not null,
    channel       text        not null,
    actor         text        not null,
    opened_at     timestamptz not null,
    lapses_at     timestamptz not null,
    closed_at     timestamptz
) with (fillfactor = 85);

create table outbox (
    program_id  integer     not null,
    outbox_id   uuid        not null default uuidv7(),
    member_id   uuid        not null,
    sequence    bigint      not null,
    type        text        not null,
    payload     jsonb       not null,
    recorded_at timestamptz not null
);
