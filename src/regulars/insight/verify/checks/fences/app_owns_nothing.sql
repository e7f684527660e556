-- I39: The application is an ordinary user of the database that owns nothing and can become
--   nobody else.
-- Fails when: a fault in the application could take the fences down.
-- Do: run `regulars doctor`: it says which statement puts it right.
-- Counts: pg_roles where rolname = 'regulars_app'
select rolname as role, 'is superuser, bypasses row-level security or makes roles' as wrong
  from pg_roles
 where rolname = 'regulars_app' and (rolsuper or rolbypassrls or rolcreaterole)
union all
select relname, 'is owned by regulars_app'
  from pg_class
 where pg_get_userbyid(relowner) = 'regulars_app'
union all
select rolname, 'regulars_app may become this role'
  from pg_roles
 where rolname <> 'regulars_app' and pg_has_role('regulars_app', oid, 'MEMBER')
union all
select 'regulars_app', 'is missing'
 where not exists (select from pg_roles where rolname = 'regulars_app')
