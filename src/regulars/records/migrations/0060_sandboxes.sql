-- Sandboxes: programs to try things in, each with a clock that can be moved forward.

-- ── the program and its clock ────────────────────────────────────────────────────────────────────
-- A program is a sandbox from its founding on or never. `ahead` only grows; a move that is under
-- way has an end, and whoever was killed in it goes on from where `ahead` is.
create table sandbox (
    program_id integer     not null primary key,
    of_program integer     not null,
    name       text        not null check (name ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'
                                           and length(name) <= 40),
    made_at    timestamptz not null,
    made_by    text        not null,
    ahead      interval    not null default '0' check (ahead >= '0'),
    from_at    timestamptz,
    to_at      timestamptz,
    moved_by   text        not null default '',
    unique (of_program, name),
    check ((from_at is null) = (to_at is null)),
    check (to_at > from_at)
);

-- What would have been sent to somebody, word for word: nothing leaves a sandbox.
create table unsent_letter (
    program_id  integer     not null,
    delivery_id uuid        not null,
    member_id   uuid        not null,
    channel     text        not null,
    kind        text        not null,
    about       text        not null,
    says        text        not null,
    written_at  timestamptz not null,
    primary key (program_id, delivery_id)
);
create index unsent_letter_newest on unsent_letter (program_id, written_at, delivery_id);
create index unsent_letter_member on unsent_letter (program_id, member_id);

grant select, update on sandbox to regulars_app;
grant select, insert, delete on unsent_letter to regulars_app;
select fence(array['sandbox', 'unsent_letter']);
-- A shop sees its sandboxes from outside of them; what is in one is seen from inside alone.
create function own_sandboxes() returns setof sandbox
language sql stable security definer set search_path = public, pg_temp as $$
    select * from sandbox where of_program = current_setting('regulars.program_id')::integer
$$;
revoke all on function own_sandboxes() from public;
grant execute on function own_sandboxes() to regulars_app;

-- Erased: what would have been written to somebody.
create function erases_unsent(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from unsent_letter where program_id = here and member_id = who;
$$;
revoke execute on function erases_unsent(integer, uuid, timestamptz, text[], text[]) from public;

-- The clock of a program goes forward, whoever writes it.
create function clock_goes_forward() returns trigger language plpgsql as $$
begin
    if new.ahead < old.ahead or new.program_id <> old.program_id
       or new.of_program <> old.of_program then
        raise exception 'the clock of a sandbox is never turned back'
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger forward before update on sandbox
    for each row execute function clock_goes_forward();

-- The time of a program, for statements that are not told it.
create function program_now(which integer) returns timestamptz language sql stable
set search_path = public, pg_temp as $$
    select now() + coalesce((select ahead from sandbox where program_id = which), '0')
$$;
grant execute on function program_now(integer) to regulars_app;

-- ── what was asked lately ────────────────────────────────────────────────────────────────────────
-- Of each request to change something what came of it, and nothing of what it said; of its
-- idempotency key a digest and the first letters. All that one process answered in a second is one
-- row, packed: a row for each request cost as much as a tenth of what it tells of (ADR 0512).
create table request_page (
    program_id integer     not null,
    page_id    uuid        not null,            -- in the order of time
    until_at   timestamptz not null,            -- when the last of them was answered
    failed     integer     not null,            -- how many of them did not do what they wanted
    digests    bytea       not null,            -- eight bytes for each that had a key
    noted      bytea       not null,            -- MessagePack, compressed with zlib
    primary key (program_id, page_id)
);
alter table request_page alter column digests set storage external,
                         alter column noted set storage external;
grant select, insert, delete on request_page to regulars_app;
select fence(array['request_page']);

-- ── made, begun anew, ended ──────────────────────────────────────────────────────────────────────
-- The application founds a sandbox of the program it is in, and of no other; none in a sandbox.
create function found_sandbox(wanted text, wanted_by text) returns integer
language plpgsql security definer set search_path = pg_catalog, public
as $$
declare
    outer_one integer := current_setting('regulars.program_id')::integer;
    named     text;
    founded   integer;
begin
    select slug into named from public.program p where program_id = outer_one
       and not exists (select from public.sandbox s where s.program_id = p.program_id);
    if named is null then
        raise exception 'program % has no sandboxes', outer_one
            using errcode = 'restrict_violation';
    end if;
    insert into public.program (slug, created_at)
        values (named || '~' || wanted, clock_timestamp()) returning program_id into founded;
    insert into public.sandbox (program_id, of_program, name, made_at, made_by)
        values (founded, outer_one, wanted, clock_timestamp(), wanted_by);
    return founded;
end $$;

-- Everything of a sandbox goes, but the chain that was sealed: that stays as it was signed.
create function end_sandbox(which integer) returns void
language plpgsql security definer set search_path = pg_catalog, public
as $$
declare
    t text;
begin
    if not exists (select from public.sandbox s where s.program_id = which
                      and s.of_program = current_setting('regulars.program_id')::integer) then
        raise exception 'program % is no sandbox of this one', which
            using errcode = 'restrict_violation';
    end if;
    -- Whoever is at something in it holds its key, and ends first; nobody begins after.
    perform from public.sandbox where program_id = which for update;
    perform set_config('regulars.starting', 'for real', true);
    for t in select c.table_name from information_schema.columns c
               join information_schema.tables b using (table_schema, table_name)
              where c.table_schema = 'public' and c.column_name = 'program_id'
                and b.table_type = 'BASE TABLE'
                and c.table_name not in ('program', 'seal_chain', 'seal_link', 'seal_checkpoint',
                                         'seal_anchor') loop
        execute format('delete from public.%I where program_id = $1', t) using which;
    end loop;
    delete from public.program where program_id = which;
    perform set_config('regulars.starting', '', true);
end $$;

-- A sandbox as it was on its first day: its terms, stores and keys under a new number. By our clock
-- what was in force is in force, and what was to come comes as many days from now.
create function renew_sandbox(which integer, wanted_by text, at timestamptz) returns integer
language plpgsql security definer set search_path = pg_catalog, public
as $$
declare
    outer_one integer := current_setting('regulars.program_id')::integer;
    wanted    text;
    lead      interval;
    founded   integer;
    t         text;
    copied    text;
    shown     text;
begin
    select name, ahead into wanted, lead from public.sandbox
     where program_id = which and of_program = outer_one;
    if wanted is null then
        raise exception 'program % is no sandbox of this one', which
            using errcode = 'restrict_violation';
    end if;
    update public.program set slug = slug || '~' || which where program_id = which;
    update public.sandbox set name = 'gone-' || which where program_id = which;
    founded := public.found_sandbox(wanted, wanted_by);
    -- Keys are known by digests of their own: the old number lets go of them first.
    create temporary table kept_key on commit drop as
        select * from public.api_key where program_id = which;
    delete from public.api_key where program_id = which;
    update kept_key set program_id = founded;
    insert into public.api_key select * from kept_key;
    drop table kept_key;
    foreach t in array array['program_version', 'version_withdrawal', 'program_code', 'store',
                             'message_words'] loop
        select string_agg(quote_ident(column_name), ', '),
               string_agg(case column_name
                   when 'effective_from' then 'case when effective_from <= $4 + $3'
                        ' then least(effective_from, $4) else effective_from - $3 end'
                   when 'published_at' then 'least(published_at, $4)'
                   when 'withdrawn_at' then 'least(withdrawn_at, $4)'
                   else quote_ident(column_name) end, ', ')
          into copied, shown
          from information_schema.columns
         where table_schema = 'public' and table_name = t
           and column_name not in ('program_id', 'recorded_tx');
        execute format('insert into public.%I (program_id, %s) select $1, %s from public.%I '
                       'where program_id = $2', t, copied, shown, t)
          using founded, which, lead, at;
    end loop;
    perform public.end_sandbox(which);
    return founded;
end $$;
revoke all on function found_sandbox(text, text), end_sandbox(integer),
    renew_sandbox(integer, text, timestamptz) from public;
grant execute on function found_sandbox(text, text), end_sandbox(integer),
    renew_sandbox(integer, text, timestamptz) to regulars_app;
