-- Export and erasure: a member's data go when they ask, the sums stay, and nobody brings them back.

-- ── erasures ────────────────────────────────────────────────────────────────────────────────
-- One row per erased member. The member's row stays, as a pseudonym the books need.
create table erasure (
    program_id  integer     not null,
    member_id   uuid        not null,
    erased_at   timestamptz not null,
    actor       text        not null,           -- who asked for it: a key or a person of the shop
    recorded_at timestamptz not null,
    primary key (program_id, member_id)
);

-- What makes the digests of names hard to guess. More than one only where a backup from before the
-- first erasure was restored and an older list applied again. The application may not read it.
create table erasure_salt (
    program_id integer not null,
    salt       bytea   not null check (octet_length(salt) = 32),
    primary key (program_id, salt)
);

-- The erasure list: every name an erased member was found by, as a salted digest.
create table erased_name (
    program_id integer     not null,
    digest     bytea       not null,            -- sha-256 of salt, kind and value
    member_id  uuid        not null,            -- the pseudonym it led to
    erased_at  timestamptz not null,
    primary key (program_id, digest, member_id)
);

-- What was told of an erased member afterwards. Nothing of it is personal and nothing was booked.
create table quarantine (
    program_id    integer     not null,
    quarantine_id uuid        not null,
    key           uuid        not null,         -- told again, it is here once
    member_id     uuid        not null,         -- the pseudonym
    about         text        not null check (about in ('activity', 'member')),
    reason        text        not null check (reason in ('erased')),
    kind          text        not null,         -- of an activity, as the rest below
    source        text        not null,
    external_id   text        not null,
    store         text        not null,
    occurred_at   timestamptz,
    amount_minor  bigint,
    actor         text        not null,
    recorded_at   timestamptz not null,
    primary key (program_id, quarantine_id),
    unique (program_id, key)
);

do $$
declare
    found record;
begin
    -- One more state, whatever others were added before.
    select c.conname, pg_get_expr(c.conbin, c.conrelid) as says into strict found
      from pg_constraint c
      join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
     where c.conrelid = 'member'::regclass and c.contype = 'c' and cardinality(c.conkey) = 1
       and a.attname = 'state';
    execute format('alter table member drop constraint %I', found.conname);
    execute format('alter table member add constraint %I check (state = any (%L::text[]))',
        found.conname,
        (select array_agg(distinct word) from (
            select m[1] as word from regexp_matches(found.says, '''([a-z_]+)''', 'g') as m
            union select 'erased') as words));
end $$;

-- The planner keeps samples of columns (pg_stats), and a sample is personal data like any other.
-- No query gains anything from samples of these.
alter table member alter column given_name set statistics 0,
    alter column family_name set statistics 0, alter column number set statistics 0,
    alter column attributes set statistics 0, alter column locale set statistics 0,
    alter column zone set statistics 0;
alter table identifier alter column value set statistics 0;
alter table activity alter column body set statistics 0, alter column actor set statistics 0;
alter table trail alter column packed set statistics 0;
alter table entry alter column reason set statistics 0, alter column actor set statistics 0;
alter table once alter column answer set statistics 0, alter column content set statistics 0;
alter table outbox alter column payload set statistics 0;
alter table waiting_return alter column command set statistics 0;
alter table redemption alter column actor set statistics 0;
alter table consent alter column source set statistics 0;
alter table import_row alter column packed set statistics 0;
alter table import_slip alter column wrong set statistics 0, alter column mend set statistics 0;

-- ── the one narrow way to change what is never changed ──────────────────────────────────────
-- An erasure blanks personal texts, and only it, and only texts: the first trigger lets its updates
-- pass, the second looks at each row (ADR 0077).
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and current_user = 'regulars_owner'
       and coalesce(current_setting('regulars.erasing', true), '') <> ''
       and exists (select from pg_trigger where tgrelid = tg_relid and tgname = 'only_personal'
                      and tgenabled in ('O', 'A')) then
        return null;
    end if;
    raise exception '% is append-only: correct it with a new entry', tg_table_name
        using errcode = 'restrict_violation';
end $$;

create function only_personal() returns trigger language plpgsql as $$
begin
    if to_jsonb(old) - tg_argv::text[] is distinct from to_jsonb(new) - tg_argv::text[]
       or old.member_id::text <> current_setting('regulars.erasing', true)
       or not exists (select from erasure e
                       where e.program_id = old.program_id and e.member_id = old.member_id) then
        raise exception '% is append-only: an erasure takes personal texts of its member alone',
            tg_table_name using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger only_personal before update on activity
    for each row execute function only_personal('body', 'actor');
create trigger only_personal before update on trail
    for each row execute function only_personal('packed');
create trigger only_personal before update on entry
    for each row execute function only_personal('actor', 'reason');
create trigger only_personal before update on consent
    for each row execute function only_personal('source');

-- A body without what people wrote: amounts, articles and pieces stay, names and details go.
create function without_texts(body jsonb) returns jsonb language sql immutable as $$
    select (body - 'details') || case when body ? 'lines' then jsonb_build_object('lines',
        (select jsonb_agg(line - 'name' order by place)
           from jsonb_array_elements(body -> 'lines') with ordinality as l (line, place)))
        else '{}' end
$$;

create function digest_of_name(salt bytea, kind text, value text) returns bytea
language sql immutable as $$
    select sha256(salt || convert_to(kind || chr(31) || value, 'UTF8'))
$$;

-- Takes everything personal of one member of the transaction's program, in one go. What is written
-- in a packed form only the application can read (trails) comes along without it, and so does what
-- else they are `known` as. Answers false when the member was erased before or is not there.
create function erase_member(
    who uuid, erased timestamptz, told timestamptz, by_whom text, fresh_number text,
    activity_ids uuid[], packings bytea[], known text[]
) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
declare
    here constant integer := current_setting('regulars.program_id')::integer;
    texts text[];
    names text[];
begin
    insert into erasure select here, who, erased, by_whom, told
     where exists (select from member where program_id = here and member_id = who)
        on conflict do nothing;
    if not found then
        return false;
    end if;
    perform set_config('regulars.erasing', who::text, true);

    -- Texts by which somebody is known as the one who acted: what they are found by, their family
    -- name, or the given name of who has no other.
    select array_agg(lower(said)) into texts from (
        select value as said from identifier where program_id = here and member_id = who
        union select coalesce(nullif(family_name, ''), given_name) from member
         where program_id = here and member_id = who
        union select unnest(known)
    ) as every where length(said) > 3;

    select array_agg(lower(value)) into names from identifier
     where program_id = here and member_id = who;

    insert into erasure_salt
    select here, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
     where not exists (select from erasure_salt where program_id = here);
    insert into erased_name
    select here, digest_of_name(s.salt, i.kind, i.value), who, erased
      from identifier i join erasure_salt s on s.program_id = i.program_id
     where i.program_id = here and i.member_id = who
        on conflict do nothing;

    delete from identifier where program_id = here and member_id = who;
    insert into identifier values (here, 'number', fresh_number, who, told);
    update member set number = fresh_number, state = 'erased', given_name = '', family_name = '',
                      locale = '', zone = '', attributes = '{}'
     where program_id = here and member_id = who;

    update activity
       set body = without_texts(body), actor = shown_actor(actor, texts)
     where program_id = here and member_id = who
       and (body <> without_texts(body) or actor <> shown_actor(actor, texts));
    update trail t set packed = p.packed
      from unnest(activity_ids, packings) as p (activity_id, packed)
     where t.program_id = here and t.member_id = who and t.activity_id = p.activity_id;
    update entry
       set reason = case when reason = '' then '' else 'erased' end,
           actor = shown_actor(actor, texts)
     where program_id = here and member_id = who
       and (reason <> '' or actor <> shown_actor(actor, texts));
    update redemption set actor = shown_actor(actor, texts)
     where program_id = here and member_id = who and actor <> shown_actor(actor, texts);

    -- Who joined or was changed: the request holds the person. Of everything else the key and the
    -- answer stay, so that a receipt sent again changes nothing; what was asked is forgotten.
    delete from once where program_id = here and member_id = who and subject_id = who;
    update once set content = '00000000-0000-0000-0000-000000000000'
     where program_id = here and member_id = who;
    update outbox set payload = payload - 'number'
     where program_id = here and member_id = who and payload ? 'number';

    perform erase_beside(here, who, told, names, texts);
    perform set_config('regulars.erasing', '', true);
    return true;
end $$;

create function shown_actor(actor text, texts text[]) returns text language sql immutable as $$
    select case when exists (select from unnest(texts) t where position(t in lower(actor)) > 0)
                then 'erased' else actor end
$$;

-- The same in rooms beside: a room that keeps texts of members brings a function erases_<room> with
-- these arguments along, and its triggers `only_personal`. Names are what the member was found by,
-- texts by what they may be named as somebody who acted.
create function erase_beside(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language plpgsql set search_path = public, pg_temp as $$
declare
    room text;
begin
    for room in
        select proname from pg_proc
         where pronamespace = 'public'::regnamespace and proname like 'erases\_%'
           and proowner = 'regulars_owner'::regrole
         order by proname
    loop
        execute format('select %I($1, $2, $3, $4, $5)', room) using here, who, told, names, texts;
    end loop;
end $$;

create function erases_consents(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update consent set source = 'erased'
     where program_id = here and member_id = who and source <> 'erased'
$$;

-- Lines of an import that wait still hold what the member is found by; whoever brings the file
-- again meets the erasure list. Slips quote what was wrong with a line.
create function erases_imports(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from import_row r
     where r.program_id = here
       and exists (select from unnest(names) n
                    where position(convert_to(n, 'UTF8') in r.packed) > 0);
    update import_slip s set wrong = 'erased', mend = ''
     where s.program_id = here
       and exists (select from unnest(names) n where position(n in lower(s.wrong || s.mend)) > 0)
$$;

-- Which of these names somebody had who was erased; the salt stays inside.
create function erased_names(kinds text[], names text[])
returns table (place integer, member_id uuid, erased_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
    select w.place::integer, e.member_id, e.erased_at
      from erasure_salt s
     cross join unnest(kinds, names) with ordinality as w (kind, name, place)
      join erased_name e on e.program_id = s.program_id
                        and e.digest = digest_of_name(s.salt, w.kind, w.name)
     where s.program_id = current_setting('regulars.program_id')::integer
$$;

-- ── fences ──────────────────────────────────────────────────────────────────────────────────
-- Each program sees its own rows of these tables. It stays, for the migrations that follow.
create function fence(tables text[]) returns void language plpgsql as $$
declare
    t text;
begin
    foreach t in array tables loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy own_program on %I to regulars_app using '
            '(program_id = (select current_setting(''regulars.program_id'')::integer))', t);
        execute format('create policy owner on %I to regulars_owner using (true)', t);
    end loop;
end $$;

-- What stands in these tables is never changed; the application reads and appends.
create function never_change(tables text[]) returns void language plpgsql as $$
declare
    t text;
begin
    foreach t in array tables loop
        execute format('create trigger append_only before update or delete or truncate on %I '
                       'for each statement execute function refuse_change()', t);
        execute format('grant select, insert on %I to regulars_app', t);
    end loop;
end $$;

-- ── who may do what ─────────────────────────────────────────────────────────────────────────
revoke execute on function fence(text[]), never_change(text[]) from public;
revoke execute on function erase_member(uuid, timestamptz, timestamptz, text, text, uuid[],
    bytea[], text[]), erased_names(text[], text[]) from public;
revoke execute on function erase_beside(integer, uuid, timestamptz, text[], text[]),
    erases_consents(integer, uuid, timestamptz, text[], text[]),
    erases_imports(integer, uuid, timestamptz, text[], text[]) from public;
grant execute on function erase_member(uuid, timestamptz, timestamptz, text, text, uuid[],
    bytea[], text[]), erased_names(text[], text[]) to regulars_app;
grant select on erasure to regulars_app;
grant select, insert on quarantine to regulars_app;
select fence(array['erasure', 'erasure_salt', 'erased_name', 'quarantine']);
