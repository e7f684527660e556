-- I35: Whatever is kept as brought over from another system names an import that was made.
-- Fails when: something new was passed off as old, so that nobody was told of it.
-- Do: look up the rows named here; if they are of this shop's own days, tell the members, and
--   report it.
-- Counts: import
with told as (
    select 'activity' as kept_in, program_id, member_id, activity_id as id, actor from activity
     where starts_with(actor, 'import:')
    union all
    select 'entry', program_id, member_id, entry_id, actor from entry
     where starts_with(actor, 'import:')
    union all
    select 'used_before', program_id, member_id, import_id, 'import:' || import_id
      from used_before
    union all
    select 'came_along', program_id, member_id, about, 'import:' || import_id from came_along
    union all
    select 'gone_before', program_id, null, import_id, 'import:' || import_id from gone_before
)
select kept_in, t.program_id, t.member_id, t.id, t.actor
  from told t
 where not exists (select from import i
                    where i.program_id = t.program_id and t.actor = 'import:' || i.import_id)
