-- I39: No program ever sees another one's members, purchases or points.
-- Fails when: one shop could read or change what is another's.
-- Do: stop serving. Run `regulars doctor` and restore row-level security and the policies of the
--   tables named here as migration 0001_ground has them.
-- Counts: pg_policy
with fenced as (
    select c.oid, c.relname, c.relrowsecurity and c.relforcerowsecurity as forced
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'program_id' and not a.attisdropped
     where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
), policies as (
    select p.polrelid, p.polname, p.polpermissive, p.polcmd,
           array(select pg_get_userbyid(r)::text from unnest(p.polroles) r) as roles,
           pg_get_expr(p.polqual, p.polrelid) as expression
      from pg_policy p
)
select relname as table_name, 'row-level security is not forced' as wrong
  from fenced
 where not forced
union all
select f.relname, 'the policy own_program of regulars_app is missing or another'
  from fenced f
 where not exists (select from policies p
                    where p.polrelid = f.oid and p.polname = 'own_program' and p.polpermissive
                      and p.polcmd = '*' and p.roles = array['regulars_app']
                      and p.expression ~
                          '^\(program_id = .*current_setting\(''regulars.program_id''::text\)')
union all
select f.relname, 'the policy owner of regulars_owner is missing or another'
  from fenced f
 where not exists (select from policies p
                    where p.polrelid = f.oid and p.polname = 'owner' and p.polpermissive
                      and p.polcmd = '*' and p.roles = array['regulars_owner']
                      and p.expression = 'true')
union all
select f.relname, 'there is a policy of another kind: ' || p.polname
  from fenced f
  join policies p on p.polrelid = f.oid
 where p.polname not in ('own_program', 'owner')
   and not (f.relname = 'api_key' and p.polname = 'by_digest' and p.polcmd = 'r'
            and p.expression ~ '^\(key_hash = ')
   and not (f.relname = 'pairing' and p.polname = 'by_digest' and p.polcmd = 'r'
            and p.expression ~ '^\(code_hash = ')
   and not (f.relname = 'inlet' and p.polname = 'by_id' and p.polcmd = 'r'
            and p.expression ~ '^\(inlet_id = .*current_setting\(''regulars.inlet_id''::text')
