-- Import: another system's members, consents, balances, tiers and history are brought over.

-- ── what a member agreed to hear ────────────────────────────────────────────────────────────
-- Append-only: the last word of a member about a channel is what counts, and the ones before it
-- prove what was right when something was sent.
create table consent (
    program_id  integer     not null,
    member_id   uuid        not null,
    channel     text        not null,           -- email, sms, post, push …
    changed_at  timestamptz not null,
    state       text        not null check (state in ('given', 'withdrawn')),
    source      text        not null,           -- where the member said so
    recorded_at timestamptz not null,
    primary key (program_id, member_id, channel, changed_at)
);

-- ── imports ─────────────────────────────────────────────────────────────────────────────────
-- One row per set of files. The fingerprint is of the files and the mapping, so the same files
-- again go on where they stopped, or say that they are in already.
create table import (
    program_id  integer     not null,
    import_id   uuid        not null,
    fingerprint bytea       not null,
    files       text        not null,
    mapping     text        not null,
    totals      jsonb       not null,           -- what the files add up to
    begun_at    timestamptz not null,
    done_at     timestamptz,
    primary key (program_id, import_id),
    unique (program_id, fingerprint)
);

-- Lines that were read and checked and wait to be booked, in the order they are booked in. They
-- are removed when the import is done: personal data lies in one place only.
create table import_row (
    program_id integer  not null,
    import_id  uuid     not null,
    part       smallint not null,               -- members, identifiers, consents, tiers, lots …
    lane       smallint not null,               -- all of one member are in one lane
    place      bigint   not null,               -- 1, 2, 3 … within the lane
    member_key uuid     not null,
    file       smallint not null,
    line       bigint   not null,
    packed     bytea    not null,               -- the command, MessagePack
    primary key (program_id, import_id, part, lane, place)
);

-- How far each lane is; written in the transaction that books its lines.
create table import_lane (
    program_id integer  not null,
    import_id  uuid     not null,
    part       smallint not null,
    lane       smallint not null,
    rows       bigint   not null,
    place      bigint   not null default 0,     -- the last line that is booked
    taken      bigint   not null default 0,
    known      bigint   not null default 0,     -- were in the books already
    left_out   bigint   not null default 0,
    primary key (program_id, import_id, part, lane)
) with (fillfactor = 50);

-- Lines that were not taken, with what is wrong and what to write instead.
create table import_slip (
    program_id integer  not null,
    import_id  uuid     not null,
    slip       bigint   generated always as identity,
    file       text     not null,
    line       bigint   not null,
    "column"   text     not null,
    wrong      text     not null,
    mend       text     not null,
    primary key (program_id, import_id, slip)
);

-- ── the ledger learns to open ───────────────────────────────────────────────────────────────
insert into account_name values (18, 'opening', 'program');

-- Adds one more allowed word to the check of a column, whatever others have added to it.
create function also_allow(tbl regclass, col text, word text) returns void language plpgsql as $$
declare
    rule record;
begin
    select conname, pg_get_constraintdef(oid) as says into strict rule from pg_constraint
     where conrelid = tbl and contype = 'c' and conkey = array[
           (select attnum from pg_attribute where attrelid = tbl and attname = col)];
    execute format('alter table %s drop constraint %I', tbl, rule.conname);
    execute format('alter table %s add constraint %I %s', tbl, rule.conname,
                   replace(rule.says, 'ARRAY[', format('ARRAY[%L::text, ', word)));
end $$;
select also_allow('entry', 'kind', 'open');
select also_allow('tier_move', 'reason', 'brought_over');
drop function also_allow(regclass, text, text);

-- ── who may do what ─────────────────────────────────────────────────────────────────────────
do $$
declare
    t text;
begin
    execute 'create trigger append_only before update or delete or truncate on consent '
            'for each statement execute function refuse_change()';
    grant select, insert on consent to regulars_app;
    grant select, insert, update on import, import_lane to regulars_app;
    grant select, insert, delete on import_row, import_slip to regulars_app;
    foreach t in array array['consent', 'import', 'import_row', 'import_lane', 'import_slip'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy own_program on %I to regulars_app using '
            '(program_id = (select current_setting(''regulars.program_id'')::integer))', t);
        execute format('create policy owner on %I to regulars_owner using (true)', t);
    end loop;
end $$;
