-- What was used of limits, counted towards something, and taken off the shelf before a program came
-- here: the beginning of counters, budgets and shelves, as opening entries are of balances.

-- ── what counts from before ─────────────────────────────────────────────────────────────────
-- Counters follow from these rows and the kept decisions together; so do budgets, whose member is
-- nobody.
create table used_before (
    program_id integer     not null,
    member_id  uuid        not null,
    counter    smallint    not null,
    period     integer     not null,
    value      bigint      not null check (value <> 0),
    import_id  uuid        not null,
    opened_at  timestamptz not null,
    primary key (program_id, member_id, counter, period)
);

-- Pieces of rewards that were gone already, of those the program puts on the shelf.
create table gone_before (
    program_id integer     not null,
    reward     text        not null,            -- the name of its shelf
    pieces     bigint      not null check (pieces > 0),
    import_id  uuid        not null,
    opened_at  timestamptz not null,
    primary key (program_id, reward)
);

select never_change(array['used_before', 'gone_before']);
select fence(array['used_before', 'gone_before']);

-- ── prizes ──────────────────────────────────────────────────────────────────────────────────
-- The earliest deed that was told, or of which something came back, since prizes were settled;
-- nothing where all that was ever done is to be looked at.
alter table prize_clock add column since timestamptz;

-- ── lines that wait of somebody who is erased ───────────────────────────────────────────────
-- Cards and numbers of other systems keep their capitals in a line, and the names come without.
create or replace function erases_imports(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from import_row r
     where r.program_id = here
       and exists (select from unnest(names) n
                    where position(lower(encode(convert_to(n, 'UTF8'), 'escape'))
                                   in lower(encode(r.packed, 'escape'))) > 0);
    update import_slip s set wrong = 'erased', mend = ''
     where s.program_id = here
       and exists (select from unnest(names) n where position(n in lower(s.wrong || s.mend)) > 0)
$$;
