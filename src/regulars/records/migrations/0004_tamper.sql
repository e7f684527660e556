-- Tamper evidence: what happened, sealed into a chain per program a few seconds behind.
--
-- Rows say under which transaction they were written, so that the sealer can take all of them
-- below the oldest transaction that still runs, and miss none however late one commits. The number
-- is a bigint because its index summarises blocks of the table (BRIN), which costs an insert
-- nothing that could be measured; PostgreSQL has no such index for xid8 (ADR 0060).

alter table activity add column recorded_tx bigint not null
    default (pg_current_xact_id()::text::bigint);
alter table entry add column recorded_tx bigint not null
    default (pg_current_xact_id()::text::bigint);
alter table tier_move add column recorded_tx bigint not null
    default (pg_current_xact_id()::text::bigint);
alter table program_version add column recorded_tx bigint not null
    default (pg_current_xact_id()::text::bigint);

create index activity_by_tx on activity using brin (recorded_tx)
    with (pages_per_range = 32, autosummarize = on);
create index entry_by_tx on entry using brin (recorded_tx)
    with (pages_per_range = 32, autosummarize = on);
create index tier_move_by_tx on tier_move using brin (recorded_tx)
    with (pages_per_range = 32, autosummarize = on);

-- ── the seal ────────────────────────────────────────────────────────────────────────────────
-- The chain of each program; its random id is what the first link follows.
create table seal_chain (
    program_id integer     not null,
    chain_id   uuid        not null,
    begun_at   timestamptz not null,
    primary key (program_id)
);

-- One link per sealed row: an activity with its trail, an entry with its postings, a tier move,
-- a published version, an erasure. How it is hashed: docs/guides/developer/seal.md.
create table seal_link (
    program_id integer  not null,
    position   bigint   not null check (position > 0),
    kind       smallint not null,
    subject_id uuid     not null,
    member_id  uuid     not null,
    secret     bytea    not null check (octet_length(secret) = 32), -- salted digest of what is personal
    hash       bytea    not null check (octet_length(hash) = 32),   -- of the row, after the link before
    primary key (program_id, position),
    unique (program_id, kind, subject_id, member_id)
);

-- A link's hash signed with a key that the database does not know.
create table seal_checkpoint (
    program_id integer     not null,
    size       bigint      not null check (size > 0), -- how many links it covers
    head       bytea       not null check (octet_length(head) = 32),
    sealed_at  timestamptz not null,
    key_id     text        not null,
    signature  bytea       not null,
    primary key (program_id, size)
);

-- What makes the digests of a member's texts impossible to guess; gone when the member is erased.
create table seal_salt (
    program_id integer not null,
    member_id  uuid    not null,
    salt       bytea   check (octet_length(salt) = 32),
    erased_at  timestamptz,
    erased_tx  bigint,
    primary key (program_id, member_id),
    check ((salt is null) = (erased_at is not null) and (erased_at is null) = (erased_tx is null))
);
create index seal_salt_erased on seal_salt (erased_tx) where erased_at is not null;

-- How far the sealer is: everything of transactions below this one is in the chains.
create table seal_reach (
    one      boolean primary key default true check (one),
    cluster  bigint not null,               -- system identifier: another one counts anew
    below_tx bigint not null
);
insert into seal_reach (cluster, below_tx) values (0, 0);

-- Up to where each place outside was told.
create table seal_anchor (
    program_id  integer     not null,
    place       text        not null,       -- file or address
    size        bigint      not null,
    anchored_at timestamptz not null,
    primary key (program_id, place)
);

do $$
declare
    t text;
begin
    foreach t in array array['seal_chain', 'seal_link', 'seal_checkpoint'] loop
        execute format('create trigger append_only before update or delete or truncate on %I '
                       'for each statement execute function refuse_change()', t);
        execute format('grant select on %I to regulars_app', t);
    end loop;
    -- The application erases; everything else of the seal is the owner's alone.
    grant select, insert, update on seal_salt to regulars_app;
    foreach t in array array['seal_chain', 'seal_link', 'seal_checkpoint', 'seal_salt',
                             'seal_anchor'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy own_program on %I to regulars_app using '
            '(program_id = (select current_setting(''regulars.program_id'')::integer))', t);
        execute format('create policy owner on %I to regulars_owner using (true)', t);
    end loop;
end $$;
