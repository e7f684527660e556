-- ── connected tills ──────────────────────────────────────────────────────────────────────────────
-- Rewards of everybody, whichever changed last first: each state in its own order, and those of the
-- states that are wanted are merged.
create index redemption_changed
    on redemption (program_id, state, (coalesce(closed_at, opened_at)), redemption_id)
 where reward <> '';

-- ── start for real ───────────────────────────────────────────────────────────────────────────────
-- Promotions are rules of the program, which stays: they stay with it, so that whoever made one can
-- cancel it still. What stays is a function of its own, so that the next table that does is one line
-- of a list and not all of this once more.
create function stays_for_real() returns text[] language sql immutable
set search_path = pg_catalog as $$
    select array['program_version', 'version_withdrawal', 'program_code', 'program_draft', 'store',
                 'message_words', 'message_choice', 'shop_look', 'setup_step', 'staff',
                 'staff_passkey', 'staff_setting', 'staff_act', 'saved_view', 'promotion'];
$$;
revoke all on function stays_for_real() from public;

create or replace function start_for_real(stay uuid[]) returns integer
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
    foreach t in array public.stays_for_real() loop
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
