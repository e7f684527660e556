-- I3: What happened is never changed or deleted: the database itself refuses it.
-- Fails when: somebody could rewrite the books.
-- Do: run `regulars doctor`; restore trigger and rights as migration 0001_ground has them. Then
--   look at all other checks: what was changed meanwhile shows there.
-- Counts: pg_trigger where tgname = 'append_only'
with kept as (
    select unnest(array['activity', 'trail', 'entry', 'posting', 'lot_move', 'hold_lot',
                        'tier_move', 'program_version', 'consent', 'seal_chain', 'seal_link',
                        'seal_checkpoint', 'block', 'courtesy', 'household', 'notice_lot',
                        'postponement', 'restatement', 'version_withdrawal',
                        'terms_word',
                        'used_before', 'gone_before', 'came_along', 'import_made', 'staff_act']) as table_name
), guarded as (
    select k.table_name, to_regclass('public.' || k.table_name) as table_id from kept k
)
select table_name, 'no trigger that refuses update, delete and truncate is in force' as wrong
  from guarded g
 where not exists (select from pg_trigger t
                     join pg_proc p on p.oid = t.tgfoid and p.proname = 'refuse_change'
                    where t.tgrelid = g.table_id and t.tgname = 'append_only'
                      and t.tgenabled in ('O', 'A')
                      -- before (2), delete (8), update (16), truncate (32); each statement (not 1)
                      and t.tgtype & 59 = 58)
union all
select table_name, 'nothing sees to it that an erasure takes personal texts alone' as wrong
  from guarded g
 where table_name in ('activity', 'trail', 'entry', 'consent')
   and not exists (select from pg_trigger t
                     join pg_proc p on p.oid = t.tgfoid and p.proname = 'only_personal'
                    where t.tgrelid = g.table_id and t.tgname = 'only_personal'
                      and t.tgenabled in ('O', 'A')
                      -- each row (1), before (2), update (16)
                      and t.tgtype & 59 = 19)
union all
select table_name, 'regulars_app may ' || lower(privilege)
  from guarded
 cross join unnest(array['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) as privilege
 where has_table_privilege('regulars_app', table_id, privilege)
    or (privilege = 'UPDATE' and has_any_column_privilege('regulars_app', table_id, privilege))
