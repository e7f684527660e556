-- A row that may be changed in one way only (a use undone, a code used, a prize taken back) was
-- deleted in no way, not even with the whole of a sandbox or of a demo: neither could be ended, begun
-- anew or started for real once somebody had played in it. Such rows go with all of their program.

-- Whether all of a program goes: its owner says so while a sandbox ends or a demo starts for real.
create function goes_whole() returns boolean language sql stable as $$
    select current_user = 'regulars_owner'
       and coalesce(current_setting('regulars.starting', true), '') = 'for real'
$$;

do $$
declare
    one record;
begin
    for one in select c.relname as on_table, t.tgname as guard, p.proname as calls
                 from pg_trigger t
                 join pg_class c on c.oid = t.tgrelid
                 join pg_proc p on p.oid = t.tgfoid
                where c.relnamespace = 'public'::regnamespace and not t.tgisinternal
                  and t.tgname in ('only_undone', 'only_forward', 'only_settled', 'only_taken_back',
                                   'only_drawn', 'only_left_once', 'only_given_once')
    loop
        execute format('drop trigger %I on public.%I', one.guard, one.on_table);
        execute format('create trigger %I before update on public.%I '
                       'for each row execute function public.%I()',
                       one.guard, one.on_table, one.calls);
        execute format('create trigger %I before delete on public.%I '
                       'for each row when (not public.goes_whole()) execute function public.%I()',
                       one.guard || '_stays', one.on_table, one.calls);
    end loop;
end $$;
