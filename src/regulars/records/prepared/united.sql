-- Whom a fold is about: as whom they stand (`roots`), and each row of whose books is whose (`own`).
-- $1 program, $2 everybody concerned (also who stands under another now).
with roots as (
    select distinct coalesce(a.into_id, w.member_id) as member_id
      from unnest($2::uuid[]) as w (member_id)
      left join member_alias a on a.program_id = $1::int and a.member_id = w.member_id
), everybody as (
    select member_id from roots union select member_id from unnest($2::uuid[]) as w (member_id)
), own as (
    -- Members who went with an import that was taken back never came.
    select o.member_id, o.root
      from (select member_id, member_id as root from roots
            union all
            select a.member_id, a.into_id from member_alias a
              join roots r on a.into_id = r.member_id
             where a.program_id = $1::int) o
     where not exists (select from import_undone u
                        where u.program_id = $1::int and u.member_id = o.member_id and u.made
                          and u.state = 'undone')

