-- A shop opens: what somebody typed while setting it up, how it looks, and out of a demo a real one.

-- Made-up people are in it: such a program, and no other, may be started for real.
alter table program add column made_up boolean not null default false;
update program p set made_up = exists (
    select from program_version v
     where v.program_id = p.program_id and v.version = 1 and v.published_by = 'regulars demo');

-- ── a shop opens ────────────────────────────────────────────────────────────────────────────
-- What was typed at each step of setting up; before there is a program, under number 0.
create table setup_step (
    program_id integer     not null,
    step       text        not null check (length(step) between 1 and 20),
    answers    jsonb       not null check (jsonb_typeof(answers) = 'object'),
    revision   bigint      not null check (revision > 0),
    changed_at timestamptz not null,
    primary key (program_id, step)
);

-- How the shop looks: its colour as it was chosen, and its logo as we drew it anew.
create table shop_look (
    program_id integer     not null,
    accent     text        not null check (accent = '' or accent ~ '^#[0-9a-f]{6}$'),
    logo       bytea       check (length(logo) between 1 and 1000000),
    revision   bigint      not null check (revision > 0),
    changed_at timestamptz not null,
    changed_by text        not null,
    primary key (program_id)
);

grant select, insert, update, delete on setup_step to regulars_app;
grant select, insert, update on shop_look to regulars_app;
select fence(array['setup_step', 'shop_look']);

-- ── the first program ───────────────────────────────────────────────────────────────────────
-- A program that started for real has a new number and the old age.
create or replace function first_program() returns integer
language sql stable security definer set search_path = pg_catalog, public
as $$ select program_id from public.program order by created_at, program_id limit 1 $$;

-- The application founds a program where there is none at all; every other is its owner's to found.
create function found_first_program(wanted text) returns integer
language plpgsql security definer set search_path = pg_catalog, public
as $$
declare
    founded integer;
begin
    lock table public.program in share row exclusive mode;
    if exists (select from public.program) then
        return null;
    end if;
    insert into public.program (slug, created_at) values (wanted, clock_timestamp())
        returning program_id into founded;
    return founded;
end $$;
revoke all on function found_first_program(text) from public;
grant execute on function found_first_program(text) to regulars_app;

-- ── start for real ──────────────────────────────────────────────────────────────────────────
-- Rows that are never changed go with the whole of a made-up program, and in no other way. A
-- statement's trigger sees no rows, so who deletes says it: the function below, as the owner.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and current_user = 'regulars_owner'
       and coalesce(current_setting('regulars.erasing', true), '') <> ''
       and exists (select from pg_trigger where tgrelid = tg_relid and tgname = 'only_personal'
                      and tgenabled in ('O', 'A')) then
        return null;
    end if;
    if tg_op = 'DELETE' and current_user = 'regulars_owner'
       and coalesce(current_setting('regulars.starting', true), '') = 'for real' then
        return null;
    end if;
    raise exception '% is append-only: correct it with a new entry', tg_table_name
        using errcode = 'restrict_violation';
end $$;

-- The made-up program of this transaction under a new number: its terms, stores, settings and the
-- staff who stay, and nobody else. What a till or a card of the old number still sends meets
-- nothing. The old chain of the seal stays as it was signed; the new number begins its own.
create function start_for_real(stay uuid[]) returns integer
language plpgsql security definer set search_path = pg_catalog, public
as $$
declare
    old_one integer := current_setting('regulars.program_id')::integer;
    new_one integer;
    named   text;
    born    timestamptz;
    t       text;
    copied  text;
begin
    select slug, created_at into named, born from public.program
     where program_id = old_one and made_up for update;
    if named is null then
        raise exception 'program % is no demo: its people are real', old_one
            using errcode = 'restrict_violation';
    end if;
    update public.program set slug = named || '~' || old_one where program_id = old_one;
    insert into public.program (slug, created_at) values (named, born)
        returning program_id into new_one;
    foreach t in array array['program_version', 'version_withdrawal', 'program_code',
                             'program_draft', 'store', 'message_words', 'message_choice',
                             'shop_look', 'setup_step', 'staff', 'staff_passkey', 'staff_setting',
                             'staff_act', 'saved_view'] loop
        select string_agg(quote_ident(column_name), ', ') into copied
          from information_schema.columns
         where table_schema = 'public' and table_name = t
           and column_name not in ('program_id', 'recorded_tx');
        execute format('insert into public.%I (program_id, %s) select $1, %s from public.%I '
                       'where program_id = $2', t, copied, copied, t)
          using new_one, old_one;
    end loop;
    delete from public.staff where program_id = new_one and not staff_id = any(stay);
    delete from public.staff_passkey where program_id = new_one and not staff_id = any(stay);
    delete from public.saved_view where program_id = new_one and not staff_id = any(stay);
    -- What the shop itself sends stays; what somebody made-up wanted does not.
    delete from public.message_choice
     where program_id = new_one and member_id <> '00000000-0000-0000-0000-000000000000';
    -- Whoever stays takes a PIN of their own; the one of the demo is in its guide.
    update public.staff set pin = '', member_id = null where program_id = new_one;
    perform set_config('regulars.starting', 'for real', true);
    delete from public.staff_act where program_id = new_one and about not in ('staff', 'setting');
    for t in select c.table_name from information_schema.columns c
               join information_schema.tables b using (table_schema, table_name)
              where c.table_schema = 'public' and c.column_name = 'program_id'
                and b.table_type = 'BASE TABLE'
                and c.table_name not in ('program', 'seal_chain', 'seal_link', 'seal_checkpoint',
                                         'seal_anchor') loop
        execute format('delete from public.%I where program_id = $1', t) using old_one;
    end loop;
    delete from public.program where program_id = old_one;
    perform set_config('regulars.starting', '', true);
    return new_one;
end $$;
revoke all on function start_for_real(uuid[]) from public;
grant execute on function start_for_real(uuid[]) to regulars_app;
