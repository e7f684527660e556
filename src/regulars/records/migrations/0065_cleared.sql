-- A sandbox is emptied some rows at a time before it ends or begins anew: in one statement a large
-- one took longer than a statement may, and could never be ended.

-- So many rows of a sandbox of this program go; how many there were. Its terms, stores and keys stay
-- until `end_sandbox` or `renew_sandbox`, which also find what came in since.
create function clear_sandbox(which integer, most integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public
as $$
declare
    t    text;
    gone integer;
    done integer := 0;
begin
    if not exists (select from public.sandbox s where s.program_id = which
                      and s.of_program = current_setting('regulars.program_id')::integer) then
        raise exception 'program % is no sandbox of this one', which
            using errcode = 'restrict_violation';
    end if;
    perform set_config('regulars.starting', 'for real', true);
    for t in select c.table_name from information_schema.columns c
               join information_schema.tables b using (table_schema, table_name)
              where c.table_schema = 'public' and c.column_name = 'program_id'
                and b.table_type = 'BASE TABLE'
                and c.table_name not in ('program', 'seal_chain', 'seal_link', 'seal_checkpoint',
                                         'seal_anchor', 'sandbox', 'api_key', 'program_version',
                                         'version_withdrawal', 'program_code', 'store',
                                         'message_words')
              order by c.table_name loop
        execute format('delete from public.%I where ctid = any(array(
                            select ctid from public.%I where program_id = $1 limit $2))', t, t)
          using which, most - done;
        get diagnostics gone = row_count;
        done := done + gone;
        exit when done >= most;
    end loop;
    perform set_config('regulars.starting', '', true);
    return done;
end $$;
revoke all on function clear_sandbox(integer, integer) from public;
grant execute on function clear_sandbox(integer, integer) to regulars_app;
